using Ptnetmap.Linux;
using Ptnetmap.Memory;

namespace Ptnetmap.Tests.Qemu;

/// <summary>A VM's memory: a sealed memfd that a client maps for the device, and the CSB that a driver has in
/// it.</summary>
internal sealed class GuestRam : IDisposable
{
    internal const ulong Base = 0x10_0000;
    internal const long Size = 1 << 20;
    internal const ulong AtokAt = Base + 0x4000;
    internal const ulong KtoaAt = Base + 0x9000;

    private readonly MemoryMapping _mapping;

    internal GuestRam(FileDescriptor? file = null)
    {
        File = file ?? MemFd.CreateSealed("guest-ram", Size);
        _mapping = MemoryMapping.Map(File, Size);
    }

    internal FileDescriptor File { get; }

    /// <summary>The guest's view of a ring's CSB entries.</summary>
    internal CsbGuestView Csb(int ring) =>
        new(Entry(AtokAt, ring), Entry(KtoaAt, ring));

    internal Span<byte> Page(ulong guestPhysical) => _mapping.Span.Slice((int)(guestPhysical - Base), 4096);

    public void Dispose()
    {
        _mapping.Dispose();
        File.Dispose();
    }

    private MappedRange Entry(ulong guestPhysical, int ring) =>
        _mapping.Range.Slice((long)(guestPhysical - Base) + (ring * NetmapAbi.CsbEntrySize), NetmapAbi.CsbEntrySize);
}
