using System.Runtime.CompilerServices;

namespace Ptnetmap.Linux.Xdp;

/// <summary>An array of packet buffers as the kernel is to see it: a UMEM of unaligned chunks, each of which ends where
/// a buffer ends and begins a headroom before it.
/// <code>
///           |&lt;------- chunk i: 256 + buffer size -------&gt;|
/// ... buffer i-1 | headroom 256 | buffer i: frames land here |
///                ^ FillAddress(i)^ BufferAddress(i)
/// </code>
/// The kernel puts a frame <c>XDP_PACKET_HEADROOM</c> behind the start of its chunk, that is, at the very start of a
/// buffer, whatever the distance between two. The headroom lies in the buffer before, and nobody writes it but some
/// drivers, a few bytes close before the frame (virtio_net its header). Safe as long as the memory stays mapped while a
/// socket is open over it; the kernel pins the pages.
/// <para>Such chunks cross pages, and a device that reaches memory itself (zero-copy) is given only chunks whose pages
/// are neighbours for it (<c>xp_check_unaligned</c>, <c>net/xdp/xsk_buff_pool.c</c>): others are not received into and
/// not sent, and never come back. Buffers of <see cref="PageBufferSize"/>, the first of which begins a headroom behind
/// a page, have chunks of just one page.</para></summary>
public sealed class XdpUmem
{
    /// <summary>Bytes that the kernel leaves before every frame (<c>XDP_PACKET_HEADROOM</c>,
    /// <c>linux/bpf.h</c>).</summary>
    public const int Headroom = 256;

    /// <summary>Smallest buffer: the kernel wants chunks of 2048 bytes (<c>XDP_UMEM_MIN_CHUNK_SIZE</c>).</summary>
    public const uint MinBufferSize = 2048 - Headroom;

    /// <summary>Largest buffer but for those of <see cref="PageBufferSize"/>: the kernel wants chunks of one page at
    /// most.</summary>
    public const uint MaxBufferSize = 4096 - Headroom;

    /// <summary>Buffers that are one page apart, and none of whose chunks crosses one.</summary>
    public const uint PageBufferSize = 4096;

    private readonly ulong _reciprocal;
    private readonly uint _lead;

    /// <summary>Describes the buffers of a piece of memory; nothing is registered before a socket is opened.</summary>
    /// <param name="memory">Begins with a page; the first buffer begins with it, or, with <see cref="PageBufferSize"/>,
    /// <see cref="Headroom"/> bytes behind it.</param>
    /// <param name="bufferSize">Bytes of a buffer and the distance between two.</param>
    /// <exception cref="ArgumentOutOfRangeException">The memory or the size is not one that the kernel
    /// takes.</exception>
    public XdpUmem(MappedRange memory, uint bufferSize)
        : this(memory.Address + (nint)LeadOf(bufferSize), (uint)(memory.Length / Math.Max(1, bufferSize)), bufferSize)
    {
    }

    /// <summary>The same of an address.</summary>
    /// <param name="address">The first buffer: at the start of a page, or, with <see cref="PageBufferSize"/>,
    /// <see cref="Headroom"/> bytes behind it.</param>
    /// <param name="count">Number of buffers; the first can only be sent from (there is no headroom before it).</param>
    /// <param name="bufferSize">Bytes of a buffer and the distance between two.</param>
    /// <exception cref="ArgumentOutOfRangeException">The address or the size is not one that the kernel
    /// takes.</exception>
    internal XdpUmem(nint address, uint count, uint bufferSize)
    {
        if (!Takes(bufferSize))
        {
            throw new ArgumentOutOfRangeException(nameof(bufferSize), bufferSize,
                $"AF_XDP takes buffers of {SizesTaken} (option --buffer-size)");
        }

        _lead = LeadOf(bufferSize);
        if (address % Environment.SystemPageSize != _lead)
        {
            throw new ArgumentOutOfRangeException(
                nameof(address), address, "AF_XDP takes memory that begins with a page, and buffers of " +
                    $"{bufferSize} bytes begin {_lead} bytes behind it");
        }

        Address = address - (nint)_lead;
        Count = count;
        BufferSize = bufferSize;
        _reciprocal = (ulong.MaxValue / bufferSize) + 1;
    }

    /// <summary>The sizes that <see cref="Takes"/> says yes to, for people.</summary>
    public static string SizesTaken { get; } = $"{MinBufferSize} to {MaxBufferSize}, or {PageBufferSize}, bytes";

    /// <summary>Number of buffers.</summary>
    public uint Count { get; }

    /// <summary>Bytes of a buffer.</summary>
    public uint BufferSize { get; }

    /// <summary>Bytes of all of them.</summary>
    public long Length => (long)Count * BufferSize;

    /// <summary>Start of the memory that the kernel gets.</summary>
    internal nint Address { get; }

    /// <summary>Bytes of a chunk.</summary>
    public uint ChunkSize => BufferSize + Headroom - _lead;

    /// <summary>True when chunks cross pages.</summary>
    public bool CrossesPages => _lead == 0;

    /// <summary>True when it lies in pages of 2 MiB that are there and stay.</summary>
    public bool HasHugePages { get; init; }

    /// <summary>True when pages that are neighbours here are neighbours in the machine's memory, too.</summary>
    public bool IsContiguous()
    {
        try
        {
            return HasHugePages && new MappedRange(Address, Length).IsOnePiece();
        }
        catch (LinuxException)
        {
            return false;
        }
    }

    /// <summary>Bytes of the longest frame: what a chunk has behind its headroom.</summary>
    public uint LongestFrame => ChunkSize - Headroom;

    /// <summary>Bytes from the start of the memory to the first buffer.</summary>
    public static uint LeadOf(uint bufferSize) => bufferSize == PageBufferSize ? Headroom : 0u;

    /// <summary>Whether buffers of a size can be a UMEM's.</summary>
    public static bool Takes(uint bufferSize) =>
        bufferSize is (>= MinBufferSize and <= MaxBufferSize) or PageBufferSize;

    /// <summary>What to write to the fill ring, so that a frame lands in a buffer.</summary>
    /// <param name="buffer">1 to <see cref="Count"/> - 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong FillAddress(uint buffer) => BufferAddress(buffer) - Headroom;

    /// <summary>Where a buffer starts, from the start of the UMEM: the address of a frame to send.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong BufferAddress(uint buffer) => ((ulong)buffer * BufferSize) + _lead;

    /// <summary>What the receive ring says of a frame that landed in a buffer, and was not moved since.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong ReceiveAddress(uint buffer) => FillAddress(buffer) | ((ulong)Headroom << XdpDescriptor.OffsetShift);

    /// <summary>The buffer that a descriptor received, or an address completed, lies in.</summary>
    /// <param name="address">As the kernel gave it; what it leads to is for the caller to check against the
    /// pool.</param>
    /// <returns>The buffer's index; exact for every address below 2^48.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint BufferOf(ulong address)
    {
        ulong frame = new XdpDescriptor(address, 0).FrameAddress - _lead;

        // frame / BufferSize, by the high half of a product: the remainder that the reciprocal is too large by, times a
        // frame's address, stays below 2^64.
        return (uint)Math.BigMul(frame, _reciprocal, out _);
    }
}
