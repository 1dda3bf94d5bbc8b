using System.Buffers.Binary;

namespace Ptnetmap.Linux.Net;

/// <summary>What the kernel counts on an interface (<c>struct rtnl_link_stats64</c>, <c>linux/if_link.h</c>), since it
/// was made. Receive and transmit are the interface's: what a TAP's user writes the interface receives.</summary>
/// <param name="RxPackets">Good packets received.</param>
/// <param name="TxPackets">Packets sent.</param>
/// <param name="RxBytes">Bytes of them.</param>
/// <param name="TxBytes">Bytes of them.</param>
/// <param name="RxErrors">Bad packets received.</param>
/// <param name="TxErrors">Packets that could not be sent.</param>
/// <param name="RxDropped">Packets received that were not processed: no memory, or a protocol that nobody
/// wants.</param>
/// <param name="TxDropped">Packets on the way out that were dropped.</param>
/// <param name="RxMissed">Packets that the hardware had no buffer for.</param>
/// <param name="RxNoHandler">Packets for an inactive interface of a bond, say.</param>
public sealed record LinkStatistics(
    long RxPackets, long TxPackets, long RxBytes, long TxBytes, long RxErrors, long TxErrors, long RxDropped,
    long TxDropped,
    long RxMissed, long RxNoHandler)
{
    // Up to rx_nohandler, which came with Linux 4.6; later kernels append.
    private const int LeastSize = 24 * sizeof(ulong);
    private const int Missed = 15;
    private const int NoHandler = 23;

    /// <summary>Reads the attribute's value.</summary>
    /// <returns>Null when it is too short.</returns>
    internal static LinkStatistics? TryParse(ReadOnlySpan<byte> value) =>
        value.Length < LeastSize ? null : new LinkStatistics(
            At(value, 0), At(value, 1), At(value, 2), At(value, 3), At(value, 4), At(value, 5), At(value, 6),
            At(value, 7),
            At(value, Missed), At(value, NoHandler));

    private static long At(ReadOnlySpan<byte> value, int place) =>
        BinaryPrimitives.ReadInt64LittleEndian(value[(place * sizeof(ulong))..]);
}
