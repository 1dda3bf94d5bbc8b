using System.Numerics;

namespace Ptnetmap.Linux.Xdp;

/// <summary>The parts of one ring that the kernel and the program share: two indices that only grow, a word of flags,
/// and a power of two of entries. Safe while the memory stays mapped: the maker of the rings over it sees to
/// that.</summary>
public readonly unsafe struct XdpRingMemory
{
    // The layout of rings without a kernel: each index on a pair of cache lines of its own, as the kernel has them.
    private const int OwnConsumer = 128;
    private const int OwnFlags = OwnConsumer + sizeof(uint);
    private const int OwnEntries = 256;

    internal XdpRingMemory(nint memory, in XdpNative.RingOffsets offsets, uint size)
    {
        Producer = (uint*)(memory + (nint)offsets.Producer);
        Consumer = (uint*)(memory + (nint)offsets.Consumer);
        Flags = (uint*)(memory + (nint)offsets.Flags);
        Entries = (byte*)(memory + (nint)offsets.Descriptors);
        Size = size;
    }

    /// <summary>Number of entries, a power of two.</summary>
    public uint Size { get; }

    internal uint* Producer { get; }

    internal uint* Consumer { get; }

    internal uint* Flags { get; }

    internal byte* Entries { get; }

    /// <summary>A ring over plain memory, for a program that plays the kernel's side as well.</summary>
    /// <param name="memory">At least <see cref="BytesNeeded"/> zeroed bytes, aligned to 64, which the caller
    /// keeps.</param>
    /// <param name="size">Entries, a power of two.</param>
    /// <param name="entrySize">Bytes of one.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is no power of two, or the memory is too small or not
    /// aligned.</exception>
    public static XdpRingMemory Over(MappedRange memory, uint size, int entrySize)
    {
        CheckSize(size, nameof(size));
        ArgumentOutOfRangeException.ThrowIfLessThan(memory.Length, BytesNeeded(size, entrySize));
        ArgumentOutOfRangeException.ThrowIfNotEqual(memory.OffsetIn(64), 0);
        var offsets = new XdpNative.RingOffsets { Consumer = OwnConsumer, Flags = OwnFlags, Descriptors = OwnEntries };
        return new XdpRingMemory(memory.Address, offsets, size);
    }

    /// <summary>Bytes that <see cref="Over"/> needs for <paramref name="size"/> entries of <paramref name="entrySize"/>
    /// bytes.</summary>
    public static long BytesNeeded(uint size, int entrySize) => OwnEntries + ((long)size * entrySize);

    internal static void CheckSize(uint size, string option)
    {
        if (!BitOperations.IsPow2(size) || size > XdpNative.MaxRingSize)
        {
            throw new ArgumentOutOfRangeException(
                option, size, $"a ring's entries are a power of two up to {XdpNative.MaxRingSize}");
        }
    }
}
