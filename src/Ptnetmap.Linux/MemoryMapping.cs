using System.Runtime.InteropServices;

namespace Ptnetmap.Linux;

/// <summary>A shared, writable mapping of a file. Safe as long as nobody keeps <see cref="Range"/> or a span of it
/// beyond <see cref="Dispose"/>: owners hand out views only while they hold the mapping.</summary>
public sealed class MemoryMapping : IDisposable
{
    private const int ReadWrite = 0x1 | 0x2;
    private const int Shared = 0x01;
    private const int Private = 0x02;
    private const int Anonymous = 0x20;
    private const int Locked = 0x2000;
    private const int Populate = 0x8000;
    private const int AdviseHugePage = 14;
    private const int AdvisePopulateWrite = 23;

    private BusErrorGuard? _guard;
    private nint _address;

    private MemoryMapping(nint address, long length)
    {
        _address = address;
        Length = length;
    }

    /// <summary>All of it, to be cut into pieces.</summary>
    public MappedRange Range => new(Address, Length);

    internal nint Address => _address != 0 ? _address : throw new ObjectDisposedException(nameof(MemoryMapping));

    /// <summary>Length in bytes.</summary>
    public long Length { get; }

    /// <summary>Maps <paramref name="length"/> bytes of <paramref name="file"/> from <paramref name="offset"/>
    /// on.</summary>
    /// <param name="file">What to map; may be closed afterwards.</param>
    /// <param name="length">Bytes.</param>
    /// <param name="offset">A multiple of the page size.</param>
    /// <param name="populate">Fault every page in now, so that no packet pays for it.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static MemoryMapping Map(FileDescriptor file, long length, long offset = 0, bool populate = false)
    {
        int flags = Shared | (populate ? Populate : 0);
        nint address = Libc.Mmap(0, (nuint)length, ReadWrite, flags, file.Number, offset);
        GC.KeepAlive(file);
        if (address == -1)
        {
            throw LinuxException.Last(
                $"mmap({length} bytes)",
                "see the limits on locked and virtual memory (ulimit -l, -v) and the free hugepages (ptnet doctor)");
        }

        return new MemoryMapping(address, length);
    }

    /// <summary>Maps a file that another process has a descriptor of, guarded: pages that it takes away, by a cut or by
    /// a hole in hugetlb pages, which no seal forbids, are replaced by empty ones of our own (<see cref="IsLost"/>),
    /// where an access would end the process. Elsewhere than on x86-64 there is no guard.</summary>
    /// <param name="file">What to map; may be closed afterwards.</param>
    /// <param name="length">Bytes, a multiple of the file's pages.</param>
    /// <param name="offset">A multiple of the file's page size.</param>
    /// <param name="populate">Fault every page in now.</param>
    /// <exception cref="LinuxException">The kernel refused, or too many mappings are guarded.</exception>
    public static MemoryMapping MapShared(FileDescriptor file, long length, long offset = 0, bool populate = false)
    {
        long pageSize = MemFd.GetPageSize(file);
        MemoryMapping mapping = Map(file, length, offset, populate);
        try
        {
            if (CanGuard)
            {
                mapping._guard =
                    BusErrorGuard.Watch(mapping.Address, (length + pageSize - 1) / pageSize * pageSize, pageSize);
            }

            return mapping;
        }
        catch
        {
            mapping.Dispose();
            throw;
        }
    }

    /// <summary>True where mappings can be guarded: on x86-64.</summary>
    public static bool CanGuard => BusErrorGuard.IsSupported;

    /// <summary>True when a page was taken away from under a guarded mapping (<see cref="MapShared"/>): there it reads
    /// as zeros and what is written is seen by nobody else.</summary>
    public bool IsLost => _guard?.HasFired ?? false;

    /// <summary>Memory of nobody else's, locked and there from the start: pages whose physical address a device may be
    /// told (<see cref="MappedRange.PhysicalAddress"/>).</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static MemoryMapping MapLocked(long length)
    {
        nint address = Libc.Mmap(0, (nuint)length, ReadWrite, Private | Anonymous | Locked | Populate, -1, 0);
        return address != -1
            ? new MemoryMapping(address, length)
            : throw LinuxException.Last($"mmap({length} bytes, locked)",
                "raise the limit on locked memory (ulimit -l)");
    }

    /// <summary>Asks for transparent hugepages; true when the kernel took the advice (it may still use small
    /// pages).</summary>
    public bool AdviseHugePages() => Libc.Madvise(Address, (nuint)Length, AdviseHugePage) == 0;

    /// <summary>Faults bytes in, so that no packet pays for it (<c>MADV_POPULATE_WRITE</c>).</summary>
    /// <param name="offset">From where on, a multiple of the page size.</param>
    /// <param name="length">Bytes.</param>
    /// <returns>False when the kernel is older than 5.14: pages then come as they are touched.</returns>
    /// <exception cref="LinuxException">The kernel has no memory left for it.</exception>
    public bool TryPopulate(long offset, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length - offset);
        if (Libc.Madvise(Address + (nint)offset, (nuint)length, AdvisePopulateWrite) == 0)
        {
            return true;
        }

        return Marshal.GetLastPInvokeError() == Libc.EInvalid
            ? false
            : throw LinuxException.Last($"madvise({length} bytes, populate)",
                "the memory of the machine or of its cgroup is used up (ptnet doctor)");
    }

    /// <summary>The whole mapping, at most 2 GiB of it.</summary>
    public unsafe Span<byte> Span => new((void*)Address, (int)Math.Min(Length, int.MaxValue));

    /// <inheritdoc/>
    public void Dispose()
    {
        nint address = Interlocked.Exchange(ref _address, 0);
        if (address != 0)
        {
            _guard?.Dispose();
            _ = Libc.Munmap(address, (nuint)Length);
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Unmaps what its owner forgot.</summary>
    ~MemoryMapping() => Dispose();
}
