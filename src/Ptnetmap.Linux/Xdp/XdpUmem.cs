using System.Runtime.CompilerServices;

namespace Ptnetmap.Linux.Xdp;

/// <summary>An array of packet buffers as the kernel is to see it: a UMEM of unaligned chunks, each of which ends where a
/// buffer ends and begins a headroom before it.
/// <code>
///           |&lt;------- chunk i: 256 + buffer size -------&gt;|
/// ... buffer i-1 | headroom 256 | buffer i: frames land here |
///                ^ FillAddress(i)^ BufferAddress(i)
/// </code>
/// The kernel puts a frame <c>XDP_PACKET_HEADROOM</c> behind the start of its chunk, that is, at the very start of a
/// buffer, whatever the distance between two. The headroom lies in the buffer before, and nobody writes it: only an XDP
/// program that grows a frame at its front would. Safe as long as the memory stays mapped while a socket is open over it;
/// the kernel pins the pages.</summary>
public sealed class XdpUmem
{
    /// <summary>Bytes that the kernel leaves before every frame (<c>XDP_PACKET_HEADROOM</c>, <c>linux/bpf.h</c>).</summary>
    public const int Headroom = 256;

    /// <summary>Smallest buffer: the kernel wants chunks of 2048 bytes (<c>XDP_UMEM_MIN_CHUNK_SIZE</c>).</summary>
    public const uint MinBufferSize = 2048 - Headroom;

    /// <summary>Largest buffer: the kernel wants chunks of one page at most.</summary>
    public const uint MaxBufferSize = 4096 - Headroom;

    private readonly ulong _reciprocal;

    /// <summary>Describes the buffers; nothing is registered before a socket is opened.</summary>
    /// <param name="address">The first buffer, at the start of a page.</param>
    /// <param name="count">Number of buffers; the first can only be sent from (there is no headroom before it).</param>
    /// <param name="bufferSize">Bytes of a buffer and the distance between two.</param>
    /// <exception cref="ArgumentOutOfRangeException">The address or the size is not one that the kernel takes.</exception>
    public XdpUmem(nint address, uint count, uint bufferSize)
    {
        if (bufferSize is < MinBufferSize or > MaxBufferSize)
        {
            throw new ArgumentOutOfRangeException(
                nameof(bufferSize), bufferSize, $"AF_XDP takes buffers of {MinBufferSize} to {MaxBufferSize} bytes (option --buffer-size)");
        }

        if (address % Environment.SystemPageSize != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(address), address, "AF_XDP takes memory that begins with a page");
        }

        Address = address;
        Count = count;
        BufferSize = bufferSize;
        _reciprocal = (ulong.MaxValue / bufferSize) + 1;
    }

    /// <summary>The first buffer.</summary>
    public nint Address { get; }

    /// <summary>Number of buffers.</summary>
    public uint Count { get; }

    /// <summary>Bytes of a buffer.</summary>
    public uint BufferSize { get; }

    /// <summary>Bytes of all of them.</summary>
    public long Length => (long)Count * BufferSize;

    /// <summary>Bytes of a chunk.</summary>
    public uint ChunkSize => BufferSize + Headroom;

    /// <summary>What to write to the fill ring, so that a frame lands in a buffer.</summary>
    /// <param name="buffer">1 to <see cref="Count"/> - 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong FillAddress(uint buffer) => ((ulong)buffer * BufferSize) - Headroom;

    /// <summary>Where a buffer starts, from the start of the UMEM: the address of a frame to send.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong BufferAddress(uint buffer) => (ulong)buffer * BufferSize;

    /// <summary>What the receive ring says of a frame that landed in a buffer, and was not moved since.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong ReceiveAddress(uint buffer) => FillAddress(buffer) | ((ulong)Headroom << XdpDescriptor.OffsetShift);

    /// <summary>The buffer that a descriptor received, or an address completed, lies in.</summary>
    /// <param name="address">As the kernel gave it; what it leads to is for the caller to check against the pool.</param>
    /// <returns>The buffer's index; exact for every address below 2^48.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint BufferOf(ulong address)
    {
        ulong frame = new XdpDescriptor(address, 0).FrameAddress;

        // frame / BufferSize, by the high half of a product: the remainder that the reciprocal is too large by, times a
        // frame's address, stays below 2^64.
        return (uint)Math.BigMul(frame, _reciprocal, out _);
    }
}
