using System.Runtime.InteropServices;

namespace Ptnetmap.Linux.Xdp;

/// <summary>An entry of a receive or transmit ring: <c>struct xdp_desc</c> (<c>linux/if_xdp.h</c>).
/// <code>0 addr  8 len  12 options</code></summary>
/// <param name="Address">Where the frame is, from the start of the UMEM. In a UMEM of unaligned chunks the kernel's
/// have the chunk's address in the low 48 bits and the frame's distance from there in the high 16.</param>
/// <param name="Length">Bytes of the frame.</param>
/// <param name="Options">0, or <c>XDP_PKT_CONTD</c> on sockets that asked for frames of several buffers.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct XdpDescriptor(ulong Address, uint Length, uint Options = 0)
{
    internal const int OffsetShift = 48;

    /// <summary>Where the chunk is (<c>XSK_UNALIGNED_BUF_ADDR_MASK</c>); what goes back to the fill ring.</summary>
    public ulong ChunkAddress => Address & ((1UL << OffsetShift) - 1);

    /// <summary>Where the frame's first byte is: the chunk's address plus the distance in the high bits.</summary>
    public ulong FrameAddress => ChunkAddress + (Address >> OffsetShift);
}
