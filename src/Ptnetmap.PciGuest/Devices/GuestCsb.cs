using System.Runtime.InteropServices;
using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.PciGuest.Pci;

namespace Ptnetmap.PciGuest.Devices;

/// <summary>The CSB of a port in a virtual machine: a page that we write (atok) and one that the host writes (ktoa), in
/// a BAR of the device, or in two pages of our own memory whose addresses the device is told.</summary>
internal sealed class GuestCsb : IDisposable
{
    /// <summary>Bytes of both.</summary>
    internal const int Size = 2 * NetmapAbi.PageSize;

    private readonly MemoryMapping _pages;

    private GuestCsb(MemoryMapping pages, ulong atok, ulong ktoa)
    {
        _pages = pages;
        Atok = atok;
        Ktoa = ktoa;
    }

    /// <summary>Address of our entries as the device knows it; 0 when they are in its own BAR.</summary>
    internal ulong Atok { get; }

    /// <summary>Address of the host's entries.</summary>
    internal ulong Ktoa { get; }

    /// <summary>In the device's own BAR.</summary>
    internal static GuestCsb InBar(PciFunction function)
    {
        using FileDescriptor bar = function.OpenBar(PtnetAbi.CsbBar);
        return new GuestCsb(MemoryMapping.Map(bar, Size), 0, 0);
    }

    /// <summary>In locked memory, at its physical addresses: the machine has no IOMMU.</summary>
    internal static GuestCsb InMemory()
    {
        MemoryMapping pages = MemoryMapping.MapLocked(Size);
        return new GuestCsb(
            pages, pages.Range.PhysicalAddress(),
            pages.Range.Slice(NetmapAbi.PageSize, NetmapAbi.PageSize).PhysicalAddress());
    }

    /// <summary>In memory that the IOMMU shows to the device at an address of our choice.</summary>
    internal static GuestCsb InMappedMemory(Action<MemoryMapping, ulong> map)
    {
        // Above the first megabyte and below the interrupts' window at 0xFEE00000.
        const ulong IoAddress = 0x1000_0000;
        MemoryMapping pages = MemoryMapping.MapLocked(Size);
        map(pages, IoAddress);
        return new GuestCsb(pages, IoAddress, IoAddress + NetmapAbi.PageSize);
    }

    /// <summary>What the drivers write before they start the port: interrupts wanted for receive rings, kicks wanted
    /// for all, until host and program say otherwise.</summary>
    internal void Initialise(int txRings, int rings)
    {
        Span<byte> bytes = _pages.Span[..Size];
        bytes.Clear();
        Span<CsbAtok> ours = MemoryMarshal.Cast<byte, CsbAtok>(bytes[..NetmapAbi.PageSize]);
        Span<CsbKtoa> hosts = MemoryMarshal.Cast<byte, CsbKtoa>(bytes[NetmapAbi.PageSize..]);
        for (int i = 0; i < rings; i++)
        {
            ours[i].NeedKick = i < txRings ? 0u : 1u;
            hosts[i].NeedKick = 1;
        }
    }

    /// <summary>Our view of a ring's entries.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A page has no such entry.</exception>
    internal CsbGuestView View(int ring) => new(Entry(ring, 0), Entry(ring, NetmapAbi.PageSize));

    public void Dispose() => _pages.Dispose();

    private MappedRange Entry(int ring, long page) =>
        _pages.Range.Slice(page, NetmapAbi.PageSize).Slice((long)ring * NetmapAbi.CsbEntrySize, NetmapAbi.CsbEntrySize);
}
