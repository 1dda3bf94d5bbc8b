using Ptnetmap.Linux.Net;

namespace Ptnetmap.HostPorts;

/// <summary>What there is to know of a port's other side, as of now.</summary>
public sealed record HostPortState
{
    /// <summary>The interface's name, or the file's.</summary>
    public required string Interface { get; init; }

    /// <summary>up, down or gone.</summary>
    public required string Link { get; init; }

    /// <summary>How packets are moved: tap, pcap, zero-copy and so on.</summary>
    public required string Mode { get; init; }

    /// <summary>Largest payload of a frame; null when there is no such limit.</summary>
    public int? Mtu { get; init; }

    /// <summary>The interface's own MAC address; null when it has none.</summary>
    public string? Mac { get; init; }

    /// <summary>Queues of the other side.</summary>
    public int Queues { get; init; } = 1;

    /// <summary>The network namespace that it is in; null: the daemon's.</summary>
    public string? NetworkNamespace { get; init; }

    /// <summary>What else is worth saying: why it is down, how far a replay got.</summary>
    public string? Note { get; init; }

    /// <summary>The other side's own counters by name.</summary>
    public IReadOnlyDictionary<string, long> Counters { get; init; } =
        new Dictionary<string, long>(StringComparer.Ordinal);

    /// <summary>What the kernel counts on the interface; null when there is none. The interface's view: what a port of
    /// it receives from a TAP, the TAP has sent, and what an AF_XDP socket takes, the interface has received.</summary>
    public LinkStatistics? Kernel { get; init; }
}
