using System.Buffers.Binary;

namespace Ptnetmap.Linux;

/// <summary>A piece of a mapping: what stands for an address above this room and Memory. It is cut from a mapping,
/// within its bounds, and cut further within its own. Safe for as long as the mapping is there: owners hand it out only
/// while they hold that.</summary>
public readonly record struct MappedRange
{
    internal MappedRange(nint address, long length)
    {
        Address = address;
        Length = length;
    }

    /// <summary>Bytes.</summary>
    public long Length { get; }

    internal nint Address { get; }

    /// <summary>A piece of it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It has no such piece.</exception>
    public MappedRange Slice(long offset, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length - offset);
        return new MappedRange(Address + (nint)offset, length);
    }

    /// <summary>How far it begins behind a multiple of <paramref name="size"/>, in bytes.</summary>
    public long OffsetIn(long size) => Address % size;

    /// <summary>Where its first byte lies in the machine's memory, as root may read it in
    /// <c>/proc/self/pagemap</c>.</summary>
    /// <exception cref="LinuxException">It is not told: only root is.</exception>
    public ulong PhysicalAddress() => PhysicalAddressOf(Address);

    /// <summary>Whether memory in 2 MiB pages that are there is one piece of the machine's memory, too: neighbouring
    /// hugepages need not be neighbours there.</summary>
    /// <exception cref="LinuxException">It is not told: only root is.</exception>
    public bool IsOnePiece()
    {
        const int HugePageSize = 2 << 20;
        ulong distance = unchecked(PhysicalAddress() - (ulong)Address);
        for (nint page = (Address | (HugePageSize - 1)) + 1; page < Address + (nint)Length; page += HugePageSize)
        {
            if (unchecked(PhysicalAddressOf(page) - (ulong)page) != distance)
            {
                return false;
            }
        }

        return true;
    }

    private static ulong PhysicalAddressOf(nint address)
    {
        const int PageSize = 4096;
        const ulong FrameMask = (1UL << 55) - 1;
        using FileStream map =
            new("/proc/self/pagemap", FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        Span<byte> entry = stackalloc byte[sizeof(ulong)];
        map.Position = address / PageSize * sizeof(ulong);
        map.ReadExactly(entry);
        ulong value = BinaryPrimitives.ReadUInt64LittleEndian(entry);
        ulong frame = value & FrameMask;
        return value >> 63 == 1 && frame != 0
            ? (frame * PageSize) + ((ulong)address % PageSize)
            : throw new LinuxException(
                "/proc/self/pagemap does not tell physical addresses; only root (CAP_SYS_ADMIN) may know them");
    }
}
