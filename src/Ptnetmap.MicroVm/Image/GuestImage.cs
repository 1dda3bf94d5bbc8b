using Ptnetmap.Memory;
using Ptnetmap.Passthrough;

namespace Ptnetmap.MicroVm.Image;

/// <summary>A guest before it starts: its memory with ring table, parameters and code, and the areas that become KVM
/// memory slots.</summary>
internal sealed class GuestImage : IDisposable
{
    private const int GibibyteShift = 30;
    private const int FixedGibibytes = 4;

    private readonly List<GuestArea> _areas = [];
    private readonly List<GuestRing> _rings = [];
    private readonly Dictionary<MemoryRegion, ulong> _regionAddresses = [];

    private GuestImage(string name, IReadOnlyList<GuestAttachment> ports, ulong mapsUpTo, int tscKilohertz)
    {
        TscKilohertz = tscKilohertz;
        PlaceRegions(ports);
        ulong end = Math.Max(_areas.Count == 0 ? 0 : _areas.Max(a => a.Address + (ulong)a.Length), mapsUpTo);
        Memory = new GuestMemory(name, (int)(end >> GibibyteShift) + 1 + FixedGibibytes);
    }

    internal GuestMemory Memory { get; }

    internal IReadOnlyList<GuestArea> Areas => _areas;

    /// <summary>All rings, in the order of their bits in the sleep mask: port by port, tx rings first.</summary>
    internal IReadOnlyList<GuestRing> Rings => _rings;

    internal int TscKilohertz { get; }

    /// <summary>Lays out all but the code.</summary>
    /// <param name="name">The machine's.</param>
    /// <param name="ports">What is passed through to it.</param>
    /// <param name="mapsUpTo">The page tables map everything below, memory or not.</param>
    /// <param name="tscKilohertz">Frequency of its time-stamp counter.</param>
    internal static GuestImage Build(string name, IReadOnlyList<GuestAttachment> ports, ulong mapsUpTo,
        int tscKilohertz)
    {
        var image = new GuestImage(name, ports, mapsUpTo, tscKilohertz);
        try
        {
            image.Fill(ports, mapsUpTo);
            return image;
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    internal IEnumerable<GuestRing> RingsOf(int port, RingDirection direction) =>
        _rings.Where(ring => ring.Port == port && ring.Direction == direction);

    public void Dispose() => Memory.Dispose();

    private void PlaceRegions(IReadOnlyList<GuestAttachment> ports)
    {
        ulong next = GuestMap.Regions;
        foreach (MemoryRegion region in ports.Select(port => port.Region).Distinct())
        {
            ulong address = next + (ulong)region.Range.OffsetIn((long)GuestMap.Page);
            _regionAddresses[region] = address;
            _areas.Add(new GuestArea($"region {region.Name}", address, region.Range.Slice(0, region.Layout.Size)));
            next = (address + (ulong)region.Layout.Size + GuestMap.Page) & ~(GuestMap.Page - 1);
        }
    }

    private void Fill(IReadOnlyList<GuestAttachment> ports, ulong mapsUpTo)
    {
        for (int i = 0; i < ports.Count; i++)
        {
            CsbMemory csb = ports[i].Csb;
            _areas.Add(new GuestArea($"CSB {i}", CsbAddress(i), csb.Range));
            AddRings(i, ports[i]);
        }

        Memory.PageTables.Map(0, mapsUpTo);
        foreach (GuestArea area in _areas)
        {
            Memory.PageTables.Map(area.Address, (ulong)area.Length);
        }

        _areas.Add(new GuestArea("own memory", GuestMap.Own, Memory.Own.Range.Slice(0, GuestMap.OwnSize)));
        _areas.Add(new GuestArea("page tables", GuestMap.Tables, Memory.Tables.Range));
    }

    private static ulong CsbAddress(int port) => GuestMap.Csb + ((ulong)port * GuestMap.Page);

    private void AddRings(int index, GuestAttachment port)
    {
        for (int i = 0; i < port.Shape.TxRings; i++)
        {
            AddRing(index, port, RingDirection.Tx, i, RingOffsets.Tx(i), port.Shape.TxSlots, i);
        }

        for (int i = 0; i < port.Shape.RxRings; i++)
        {
            int entry = RingOffsets.Rx(port.Shape.TxRings, RingOffsets.HostRings, i);
            AddRing(index, port, RingDirection.Rx, i, entry, port.Shape.RxSlots, port.Shape.TxRings + i);
        }
    }

    private void AddRing(int index, GuestAttachment port, RingDirection direction, int id, int offsetEntry,
        int slots, int csb)
    {
        long offset = port.InterfaceOffset + port.Region.InterfaceAt(port.InterfaceOffset).GetRingOffset(offsetEntry);
        NetmapRingHeader header = port.Region.RingAt(offset, (uint)slots).Header;
        ulong region = _regionAddresses[port.Region];
        ulong ring = region + (ulong)offset;
        ulong entry = GuestMap.RingTable + ((ulong)_rings.Count * RingEntry.Size);
        Memory.Word(entry + RingEntry.Header) = ring;
        Memory.Word(entry + RingEntry.Slots) = ring + NetmapAbi.RingHeaderSize;
        Memory.Word(entry + RingEntry.Buffers) = ring + (ulong)header.BufferOffset;
        Memory.Word(entry + RingEntry.Atok) = CsbAddress(index) + (ulong)(csb * NetmapAbi.CsbEntrySize);
        Memory.Word(entry + RingEntry.Ktoa) =
            CsbAddress(index) + CsbMemory.KernelOffset + (ulong)(csb * NetmapAbi.CsbEntrySize);
        Memory.Word32(entry + RingEntry.SlotCount) = header.SlotCount;
        Memory.Word32(entry + RingEntry.BufferSize) = header.BufferSize;
        Memory.Word32(entry + RingEntry.KickPort) = KickPort(_rings.Count);
        Memory.Word(entry + RingEntry.MaskBit) = 1UL << _rings.Count;
        _rings.Add(new GuestRing(entry, index, direction, id, header.BufferSize, region));
    }

    internal static ushort KickPort(int ring) => (ushort)(GuestMap.KickPort + (ring * sizeof(uint)));
}
