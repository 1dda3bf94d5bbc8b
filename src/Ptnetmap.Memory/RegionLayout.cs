using System.Numerics;
using Ptnetmap.Linux.Xdp;

namespace Ptnetmap.Memory;

/// <summary>Where a region's pools lie. It is also the descriptor that another process needs, besides the memfd, to map
/// the region.
/// <code>
/// 0                page         page             page                     power of two
/// | netmap_if pool | ring pool  | buffer pool                    | padding |
/// </code>
/// Buffers of a whole page (<see cref="XdpUmem.PageBufferSize"/>) begin <see cref="XdpUmem.Headroom"/> bytes behind
/// one: a NIC is given a buffer with that headroom before it, which then is just one page.</summary>
/// <param name="Id">The region's id.</param>
/// <param name="Size">Bytes of the whole mapping, a power of two.</param>
/// <param name="Interfaces">The <c>netmap_if</c> pool.</param>
/// <param name="Rings">The <c>netmap_ring</c> pool.</param>
/// <param name="Buffers">The buffer pool.</param>
public sealed record RegionLayout(
    ushort Id, long Size, PoolLayout Interfaces, PoolLayout Rings, PoolLayout Buffers)
{
    /// <summary>Largest region: 64 GiB, a BAR that guests' firmware still places.</summary>
    public const long MaxSize = 1L << 36;

    /// <summary>Smallest region, one hugepage, so that its pages can be huge.</summary>
    public const long MinSize = 2L << 20;

    /// <summary>Most ports of one region.</summary>
    public const int MaxPorts = 1024;

    /// <summary>Smallest buffer.</summary>
    public const int MinBufferSize = 64;

    /// <summary>Largest buffer: the largest multiple of 64 that a 16-bit length can fill.</summary>
    public const int MaxBufferSize = 65472;

    private const int CacheLine = 64;

    private const uint MaxRings = 2 * MaxPorts * NetmapAbi.MaxRingPairs;

    private const uint MaxRingSize = NetmapAbi.RingHeaderSize + (NetmapAbi.MaxSlots * NetmapAbi.SlotSize);

    // Two offsets a ring pair and two for host rings, rounded up to whole cache lines.
    private const uint MaxInterfaceSize =
        (NetmapAbi.InterfaceHeaderSize + (((2 * NetmapAbi.MaxRingPairs) + 2) * sizeof(long)) + CacheLine - 1)
            / CacheLine * CacheLine;

    /// <summary>Computes the layout that <paramref name="request"/> needs.</summary>
    /// <exception cref="RegionLimitException">A number is outside its limits, or the region would be too
    /// large.</exception>
    public static RegionLayout Compute(RegionRequest request)
    {
        Check("ports", request.Ports, 1, MaxPorts, "--ports");
        Check("ring pairs a port", request.RingPairs, 1, NetmapAbi.MaxRingPairs, "--rings");
        Check("slots a ring", request.Slots, NetmapAbi.MinSlots, NetmapAbi.MaxSlots, "--slots");
        Check("extra buffers", request.ExtraBuffers, 0, int.MaxValue, "--extra-buffers");
        Check("buffer size", request.BufferSize, MinBufferSize, MaxBufferSize, "--buffer-size");
        Check("region id", request.Id, 1, ushort.MaxValue, "--region-id");
        if (request.BufferSize % CacheLine != 0)
        {
            throw new RegionLimitException(
                $"buffer size {request.BufferSize} is not a multiple of {CacheLine}: choose another --buffer-size");
        }

        // A netmap_if has one offset a ring and two for the host rings that are not there (and read as 0).
        int offsets = (2 * request.RingPairs) + 2;
        uint interfaceSize = RoundUp((uint)(NetmapAbi.InterfaceHeaderSize + (offsets * sizeof(long))), CacheLine);
        uint ringSize = RoundUp((uint)(NetmapAbi.RingHeaderSize + (request.Slots * NetmapAbi.SlotSize)), CacheLine);
        long rings = 2L * request.Ports * request.RingPairs;
        long buffers = (rings * request.Slots) + request.ExtraBuffers + NetmapAbi.FirstBuffer;

        var interfaces = new PoolLayout(0, (uint)request.Ports, interfaceSize);
        var ringPool = new PoolLayout(RoundUp(interfaces.End), (uint)rings, ringSize);
        long bufferOffset = RoundUp(ringPool.End) + XdpUmem.LeadOf((uint)request.BufferSize);
        long size = bufferOffset + (buffers * request.BufferSize);
        if (size > MaxSize || bufferOffset > uint.MaxValue || buffers > uint.MaxValue)
        {
            throw new RegionLimitException(
                $"the region would take {size >> 20} MiB, more than the limit of {MaxSize >> 20} MiB: " +
                "lower --ports, --rings, --slots, --extra-buffers or --buffer-size");
        }

        var bufferPool = new PoolLayout(bufferOffset, (uint)buffers, (uint)request.BufferSize);
        long padded = Math.Max(MinSize, (long)BitOperations.RoundUpToPowerOf2((ulong)bufferPool.End));
        return new RegionLayout(request.Id, padded, interfaces, ringPool, bufferPool);
    }

    /// <summary>Checks a layout that came from outside, before it is used to map.</summary>
    /// <exception cref="RegionLimitException">A pool lies outside, is misaligned, or overlaps the one
    /// before.</exception>
    public void Validate()
    {
        bool sound = Id != 0 && Size is >= MinSize and <= MaxSize && BitOperations.IsPow2(Size)
            && IsSound(Interfaces, 0, NetmapAbi.InterfaceHeaderSize, MaxInterfaceSize) && Interfaces.Offset == 0
            && IsSound(Rings, Interfaces.End, NetmapAbi.RingHeaderSize, MaxRingSize)
            && IsSound(Buffers, Rings.End, MinBufferSize, MaxBufferSize, XdpUmem.LeadOf(Buffers.ObjectSize))
            && Interfaces.Count <= MaxPorts && Rings.Count <= MaxRings
            && Buffers.Offset <= uint.MaxValue && Buffers.Count > NetmapAbi.FirstBuffer && Buffers.End <= Size;
        if (!sound)
        {
            throw new RegionLimitException($"not a region's layout: {this}");
        }
    }

    // The size of an object is looked at before the end of its pool: with it in its limits, End cannot overflow.
    private static bool IsSound(PoolLayout pool, long from, uint smallest, uint largest, uint lead = 0) =>
        pool.Count >= 1 && pool.ObjectSize >= smallest && pool.ObjectSize <= largest && pool.ObjectSize % CacheLine == 0
        && pool.Offset >= from && pool.Offset <= MaxSize
        && pool.Offset % NetmapAbi.PageSize == lead;

    private static void Check(string what, long value, long low, long high, string option)
    {
        if (value < low || value > high)
        {
            throw new RegionLimitException($"{what}: {value} is outside the limits {low} to {high} (option {option})");
        }
    }

    private static long RoundUp(long value) => (value + NetmapAbi.PageSize - 1) & -NetmapAbi.PageSize;

    private static uint RoundUp(uint value, uint unit) => (value + unit - 1) / unit * unit;
}
