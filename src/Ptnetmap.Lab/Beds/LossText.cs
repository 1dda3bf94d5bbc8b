namespace Ptnetmap.Lab.Beds;

/// <summary>What the counters of lost frames say, in words.</summary>
public static class LossText
{
    /// <summary>What the sending interface's driver dropped.</summary>
    public const string KernelTxDropped = "kernel_tx_dropped";

    /// <summary>What the receiving interface's driver dropped.</summary>
    public const string KernelRxDropped = "kernel_rx_dropped";

    /// <summary>What it means that frames are in this counter.</summary>
    public static string Of(string reason) => reason switch
    {
        "no_space" => "the receiver's ring was full",
        "rx_ring_full" => "the worker did not fetch what had come",
        "rx_dropped" => "the socket had no free buffer: what had come was fetched, or its slots given back, too late",
        KernelTxDropped => "the other interface's queue in the kernel was full",
        KernelRxDropped => "the kernel had no memory for it, or its own queue was full",
        "xdp_filtered" => "no frame of the port's by its filter: the kernel's stack got it",
        "xdp_without_socket" => "no socket was there: the kernel's stack got it",
        "link_down" => "the interface was down or gone",
        "flood_limit" => "no known receiver, and more than may go to everybody",
        _ => "see docs/nics.md and docs/host-ports.md",
    };
}
