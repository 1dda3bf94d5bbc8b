namespace Ptnetmap.Abi;

/// <summary>Which entry of a <c>netmap_if</c>'s <c>ring_ofs[]</c> is whose (<c>NETMAP_TXRING</c> and
/// <c>NETMAP_RXRING</c> in <c>sys/net/netmap_user.h</c>).
/// <code>
///  | tx rings | host tx rings, one at least | rx rings | host rx rings |
/// </code>
/// Entries of rings that are not there are 0, and are counted.</summary>
public static class RingOffsets
{
    /// <summary>Entries of a port without host rings that stand for such: one tx, one rx.</summary>
    public const int HostRings = 1;

    /// <summary>The entry of a tx ring.</summary>
    public static int Tx(int ring) => ring;

    /// <summary>The entry of the first host tx ring.</summary>
    public static int HostTx(int txRings) => txRings;

    /// <summary>The entry of an rx ring. Ports whose <c>netmap_if</c> says that they have no host tx ring have its
    /// entry nevertheless.</summary>
    public static int Rx(int txRings, int hostTxRings, int ring) => txRings + Math.Max(HostRings, hostTxRings) + ring;

    /// <summary>The entry of the first host rx ring.</summary>
    public static int HostRx(int txRings, int hostTxRings, int rxRings) => Rx(txRings, hostTxRings, rxRings);
}
