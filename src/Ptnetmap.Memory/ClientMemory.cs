using System.Diagnostics;
using Ptnetmap.Linux;

namespace Ptnetmap.Memory;

/// <summary>A piece of somebody else's memory, mapped from the descriptor that they passed: one array of CSB entries in
/// a guest's memory. Its mapping cannot become a trap: only memory that is sealed against shrinking is mapped, or any
/// that is in the kernel's hands when the owner of this process allows it, and in both the mapping is guarded
/// (<see cref="MemoryMapping.MapShared"/>), for seals do not forbid holes. Views of it are safe until it is disposed
/// of.</summary>
public sealed class ClientMemory : IDisposable
{
    private readonly MemoryMapping _mapping;
    private readonly long _inMapping;

    private ClientMemory(MemoryMapping mapping, long inMapping, long length)
    {
        _mapping = mapping;
        _inMapping = inMapping;
        Length = length;
    }

    /// <summary>Bytes that were asked for.</summary>
    public long Length { get; }

    /// <summary>True when pages were taken away after they had been mapped: what is read is zeros, what is written
    /// lost.</summary>
    public bool IsLost => _mapping.IsLost;

    /// <summary>Maps <paramref name="length"/> bytes from <paramref name="offset"/> of <paramref name="file"/>
    /// on.</summary>
    /// <param name="file">May be closed afterwards.</param>
    /// <param name="offset">Any; whole pages around it are mapped.</param>
    /// <param name="length">Bytes, at least 1.</param>
    /// <param name="allowUnsealed">Map memory that its owner can shrink.</param>
    /// <exception cref="LinuxException">It is not sealed, or in another process's or machine's hands, or ends before,
    /// or cannot be mapped.</exception>
    public static ClientMemory Map(FileDescriptor file, long offset, long length, bool allowUnsealed)
    {
        int seals = MemFd.GetSeals(file);
        bool isSealed = (seals >= 0 && (seals & MemFd.ShrinkSeal) != 0) || MemFd.TrySealShrink(file);
        if (!isSealed && (!allowUnsealed || !MemoryMapping.CanGuard))
        {
            throw new LinuxException(
                "the guest's memory is not sealed against shrinking (F_SEAL_SHRINK): use QEMU's " +
                "memory-backend-memfd, or " +
                "allow unsealed memory (on x86-64)");
        }

        if (!MemFd.IsKernelsOwn(file))
        {
            throw new LinuxException(
                "the guest's memory is a device, or on a file system of another process or machine (FUSE, NFS and " +
                "the like), which " +
                "could stop the daemon: use QEMU's memory-backend-memfd, or a file in /dev/shm");
        }

        // Beyond the end of the file a mapping is a trap from the start; in it, the seal or the guard sees to it.
        if (offset < 0 || length < 1 || offset > long.MaxValue - length || MemFd.GetSize(file) < offset + length)
        {
            throw new LinuxException($"the guest's memory ends before the {length} bytes at {offset}");
        }

        long page = MemFd.GetPageSize(file);
        long start = offset / page * page;
        long size = ((offset + length - start) + page - 1) / page * page;
        return new ClientMemory(MemoryMapping.MapShared(file, size, start), offset - start, length);
    }

    /// <summary>The host's view of entry <paramref name="ring"/> of two arrays.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An array has no such entry.</exception>
    public static CsbHostView Host(ClientMemory atok, ClientMemory ktoa, int ring) =>
        new(atok.Entry(ring), ktoa.Entry(ring));

    /// <summary>Copies bytes of it to <paramref name="to"/>: once, so that what is checked afterwards is what is
    /// used.</summary>
    /// <param name="offset">Where they begin here.</param>
    /// <param name="to">As many as it has room for.</param>
    /// <returns>False when pages are lost: some of what was copied may be zeros.</returns>
    /// <exception cref="ArgumentOutOfRangeException">It ends before.</exception>
    public unsafe bool TryCopyIn(long offset, Span<byte> to)
    {
        MappedRange piece = Piece(offset, to.Length);
        Debug.Assert(piece.Length == to.Length, "a piece is as long as it was asked for");
        new ReadOnlySpan<byte>((void*)piece.Address, to.Length).CopyTo(to);
        return !IsLost;
    }

    /// <summary>Copies <paramref name="from"/> into it.</summary>
    /// <param name="offset">Where it goes to here.</param>
    /// <param name="from">All of it.</param>
    /// <returns>False when pages are lost: the client may see nothing of it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">It ends before.</exception>
    public unsafe bool TryCopyOut(long offset, ReadOnlySpan<byte> from)
    {
        MappedRange piece = Piece(offset, from.Length);
        Debug.Assert(piece.Length == from.Length, "a piece is as long as it was asked for");
        from.CopyTo(new Span<byte>((void*)piece.Address, from.Length));
        return !IsLost;
    }

    /// <inheritdoc/>
    public void Dispose() => _mapping.Dispose();

    private MappedRange Entry(int ring) => Piece((long)ring * NetmapAbi.CsbEntrySize, NetmapAbi.CsbEntrySize);

    private MappedRange Piece(long offset, long length) =>
        _mapping.Range.Slice(_inMapping, Length).Slice(offset, length);
}
