namespace Ptnetmap.Memory;

/// <summary>One of a region's three pools: objects of one size, one behind the other.</summary>
/// <param name="Offset">Bytes from the region's start; page-aligned, but for buffers of a whole page
/// (<see cref="RegionLayout"/>).</param>
/// <param name="Count">Objects.</param>
/// <param name="ObjectSize">Bytes of each.</param>
public readonly record struct PoolLayout(long Offset, uint Count, uint ObjectSize)
{
    /// <summary>Bytes of all objects.</summary>
    public long Size => (long)Count * ObjectSize;

    /// <summary>First byte behind the pool.</summary>
    public long End => Offset + Size;
}
