namespace Ptnetmap.Abi;

/// <summary>Registers of the ptnetmap-memdev device, one a memory region (<c>PTNET_MDEV_IO_*</c> in
/// <c>netmap_virt.h</c>): offsets in BAR 0, 32 bits each.
/// <code>
///   0 MEMSIZE_LO   4 MEMSIZE_HI      8 MEMID
///  64 IF_POOL_OFS   68 IF_POOL_OBJNUM    72 IF_POOL_OBJSZ
///  76 RING_POOL_OFS 80 RING_POOL_OBJNUM  84 RING_POOL_OBJSZ
///  88 BUF_POOL_OFS  92 BUF_POOL_OBJNUM   96 BUF_POOL_OBJSZ
/// </code></summary>
public static class MemdevRegister
{
    /// <summary>Bytes of the region, lower half.</summary>
    public const int SizeLow = 0;

    /// <summary>Bytes of the region, upper half.</summary>
    public const int SizeHigh = 4;

    /// <summary>The region's id.</summary>
    public const int Id = 8;

    /// <summary>Where the pool of <c>netmap_if</c>s begins in the region; the pool's other registers follow.</summary>
    public const int Interfaces = 64;

    /// <summary>Where the pool of rings begins.</summary>
    public const int Rings = 76;

    /// <summary>Where the pool of buffers begins.</summary>
    public const int Buffers = 88;

    /// <summary>From a pool's first register to the one with the number of its objects.</summary>
    public const int PoolObjects = 4;

    /// <summary>From a pool's first register to the one with the bytes of an object.</summary>
    public const int PoolObjectSize = 8;
}
