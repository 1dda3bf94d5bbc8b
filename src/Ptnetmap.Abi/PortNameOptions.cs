namespace Ptnetmap.Abi;

/// <summary>The letters behind a name's slash (<c>nr_flags</c>).</summary>
[Flags]
public enum PortNameOptions
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><c>/t</c>: a monitor of what the port sends.</summary>
    MonitorTx = 1,

    /// <summary><c>/r</c>: a monitor of what the port receives.</summary>
    MonitorRx = 2,

    /// <summary><c>/z</c>: the monitor takes the buffers and does not copy.</summary>
    ZeroCopyMonitor = 4,

    /// <summary><c>/x</c>: nobody else may open the port.</summary>
    Exclusive = 8,

    /// <summary><c>/R</c>: receive rings only.</summary>
    RxOnly = 16,

    /// <summary><c>/T</c>: transmit rings only.</summary>
    TxOnly = 32,
}
