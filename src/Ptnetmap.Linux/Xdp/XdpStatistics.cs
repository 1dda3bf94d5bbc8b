using System.Runtime.InteropServices;

namespace Ptnetmap.Linux.Xdp;

/// <summary>A socket's counters since it was made: <c>struct xdp_statistics</c> (<c>linux/if_xdp.h</c>), in its
/// order.</summary>
/// <param name="ReceiveDropped">Frames dropped for other reasons than the following: longer than a chunk, or, where the
/// kernel copies, for want of a chunk.</param>
/// <param name="ReceiveInvalid">Chunk addresses of the fill ring that the kernel did not take.</param>
/// <param name="TransmitInvalid">Descriptors of the transmit ring that the kernel did not take.</param>
/// <param name="ReceiveRingFull">Frames dropped because the receive ring was full.</param>
/// <param name="FillRingEmpty">Times the kernel found the fill ring empty.</param>
/// <param name="TransmitRingEmpty">Times the kernel found the transmit ring empty; no loss.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct XdpStatistics(
    ulong ReceiveDropped,
    ulong ReceiveInvalid,
    ulong TransmitInvalid,
    ulong ReceiveRingFull,
    ulong FillRingEmpty,
    ulong TransmitRingEmpty);
