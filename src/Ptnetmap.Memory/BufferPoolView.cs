using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Ptnetmap.Memory;

/// <summary>The region's packet buffers by index. Safe while the region's mapping lives: an index is checked against
/// the pool before it becomes an address.</summary>
public readonly unsafe struct BufferPoolView
{
    private readonly byte* _base;

    internal BufferPoolView(byte* address, uint count, uint size)
    {
        _base = address;
        Count = count;
        BufferSize = size;
    }

    /// <summary>Number of buffers, 0 and 1 included.</summary>
    public uint Count { get; }

    /// <summary>Bytes of one buffer; also the distance between two.</summary>
    public uint BufferSize { get; }

    /// <summary>True when <paramref name="index"/> names a buffer that may be given out: 2 .. Count-1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsValid(uint index) => index - NetmapAbi.FirstBuffer < Count - NetmapAbi.FirstBuffer;

    /// <summary>True when slot contents name a valid buffer and no more bytes than fit in it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsValid(SlotWord word) => IsValid(word.BufferIndex) && word.Length <= BufferSize;

    /// <summary>True for views of one pool: its buffers can change places.</summary>
    public bool IsSameAs(BufferPoolView other) => _base == other._base && Count == other.Count;

    /// <summary>A whole buffer, in shared memory.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is not
    /// <see cref="IsValid(uint)">valid</see>.</exception>
    public Span<byte> this[uint index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if (!IsValid(index))
            {
                ThrowBadIndex(index);
            }

            return new(_base + ((ulong)index * BufferSize), (int)BufferSize);
        }
    }

    /// <summary>Starts to load the first line of a buffer into the cache, without waiting. For an index that is not
    /// valid, nothing of importance is loaded: a slot's index can be passed before it is checked.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(uint index)
    {
        if (Sse.IsSupported)
        {
            // Buffer 0 stands in for what lies outside the pool.
            Sse.Prefetch0(Address(index < Count ? index : 0));
        }
    }

    /// <summary>The address of a buffer; the caller has checked the index.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal byte* Address(uint index)
    {
        Debug.Assert(index < Count, "the caller has checked the index");
        return _base + ((ulong)index * BufferSize);
    }

    private void ThrowBadIndex(uint index) => throw new ArgumentOutOfRangeException(
        nameof(index), index, $"a buffer index is 2 to {Count - 1}");
}
