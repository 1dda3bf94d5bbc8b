using Ptnetmap.Linux;

namespace Ptnetmap.Memory;

/// <summary>The CSB of one guest: a page of application entries and a page of kernel entries in a memfd of its own,
/// which only this guest and the host map. A transport whose guest brings its own CSB (QEMU) does not need
/// it.</summary>
public sealed class CsbMemory : IDisposable
{
    /// <summary>Bytes of the whole: two pages.</summary>
    public const int Size = 2 * NetmapAbi.PageSize;

    /// <summary>Offset of the kernel's entries (<c>ktoa</c>) behind the application's (<c>atok</c>).</summary>
    public const int KernelOffset = NetmapAbi.PageSize;

    private readonly MemoryMapping _mapping;

    /// <summary>Makes an empty CSB.</summary>
    public CsbMemory(string name)
    {
        File = MemFd.CreateSealed($"ptnet-csb-{name}", Size);
        _mapping = MapOrClose(File, populate: true);
    }

    private CsbMemory(FileDescriptor file)
    {
        File = file;
        _mapping = MapOrClose(file, populate: false);
    }

    /// <summary>Maps a CSB that another process made, from its memfd.</summary>
    /// <exception cref="LinuxException">It is none, or cannot be mapped.</exception>
    public static CsbMemory Map(FileDescriptor file) =>
        MemFd.GetSize(file) >= Size && (MemFd.GetSeals(file) & MemFd.ShrinkSeal) != 0
            ? new CsbMemory(file.Duplicate())
            : throw new LinuxException($"a CSB is {Size} bytes, sealed against shrinking (F_SEAL_SHRINK)");

    /// <summary>The memfd, for a guest that maps it.</summary>
    public FileDescriptor File { get; }

    /// <summary>True when somebody took a page of it away (<see cref="MemoryMapping.IsLost"/>).</summary>
    public bool IsLost => _mapping.IsLost;

    /// <summary>Both pages, for KVM.</summary>
    public MappedRange Range => _mapping.Range;

    /// <summary>The host's view of ring <paramref name="ring"/> (all tx rings first, then all rx rings).</summary>
    public CsbHostView Host(int ring) => new(Atok(ring), Ktoa(ring));

    /// <summary>The guest's view of ring <paramref name="ring"/>.</summary>
    public CsbGuestView Guest(int ring) => new(Atok(ring), Ktoa(ring));

    /// <summary>All bytes; for tests that scribble.</summary>
    public Span<byte> Span => _mapping.Span;

    /// <inheritdoc/>
    public void Dispose()
    {
        _mapping.Dispose();
        File.Dispose();
    }

    private static MemoryMapping MapOrClose(FileDescriptor file, bool populate)
    {
        try
        {
            return MemoryMapping.MapShared(file, Size, populate: populate);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    internal static unsafe void* EntryAt(MappedRange entry)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(entry.Length, NetmapAbi.CsbEntrySize);
        ArgumentOutOfRangeException.ThrowIfNotEqual(entry.OffsetIn(sizeof(uint)), 0);
        return (void*)entry.Address;
    }

    private MappedRange Atok(int ring) => Entry(ring, 0);

    private MappedRange Ktoa(int ring) => Entry(ring, KernelOffset);

    // Of a page of entries, which is cut first: no number leads out of it.
    private MappedRange Entry(int ring, long page) => _mapping.Range
        .Slice(page, NetmapAbi.MaxCsbRings * NetmapAbi.CsbEntrySize)
        .Slice((long)ring * NetmapAbi.CsbEntrySize, NetmapAbi.CsbEntrySize);
}
