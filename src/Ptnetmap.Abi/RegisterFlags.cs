namespace Ptnetmap.Abi;

/// <summary><c>nr_flags</c> of a <see cref="RegisterRequest"/> (<c>NR_*</c> in <c>sys/net/netmap.h</c>). The first six
/// are the letters of a name (<see cref="PortNameOptions"/>).</summary>
[Flags]
public enum RegisterFlags : ulong
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><c>NR_MONITOR_TX</c>.</summary>
    MonitorTx = 0x100,

    /// <summary><c>NR_MONITOR_RX</c>.</summary>
    MonitorRx = 0x200,

    /// <summary><c>NR_ZCOPY_MON</c>.</summary>
    ZeroCopyMonitor = 0x400,

    /// <summary><c>NR_EXCLUSIVE</c>.</summary>
    Exclusive = 0x800,

    /// <summary><c>NR_RX_RINGS_ONLY</c>.</summary>
    RxOnly = 0x2000,

    /// <summary><c>NR_TX_RINGS_ONLY</c>.</summary>
    TxOnly = 0x4000,

    /// <summary><c>NR_ACCEPT_VNET_HDR</c>: the program knows virtio-net headers.</summary>
    AcceptVnetHeader = 0x8000,

    /// <summary><c>NR_DO_RX_POLL</c>: <c>poll</c> gives receive slots back though it does not ask for
    /// <c>POLLIN</c>.</summary>
    RxPoll = 0x1_0000,

    /// <summary><c>NR_NO_TX_POLL</c>: <c>poll</c> sends only when it asks for <c>POLLOUT</c>.</summary>
    NoTxPoll = 0x2_0000,
}
