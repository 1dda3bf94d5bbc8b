using Ptnetmap.Linux.Net;

namespace Ptnetmap.Daemon.Api;

/// <summary>The names under which the kernel's counters of an interface are told: those of
/// <c>struct rtnl_link_stats64</c>.</summary>
internal static class KernelCounters
{
    internal static readonly (string Name, string Help, Func<LinkStatistics, long> Read)[] All =
    [
        ("rx_packets", "Good packets received", counters => counters.RxPackets),
        ("tx_packets", "Packets sent", counters => counters.TxPackets),
        ("rx_bytes", "Bytes received", counters => counters.RxBytes),
        ("tx_bytes", "Bytes sent", counters => counters.TxBytes),
        ("rx_errors", "Bad packets received", counters => counters.RxErrors),
        ("tx_errors", "Packets that could not be sent", counters => counters.TxErrors),
        ("rx_dropped", "Packets received and not processed", counters => counters.RxDropped),
        ("tx_dropped", "Packets dropped on the way out", counters => counters.TxDropped),
        ("rx_missed", "Packets that the hardware had no buffer for", counters => counters.RxMissed),
        ("rx_nohandler", "Packets that an inactive interface received", counters => counters.RxNoHandler),
    ];

    internal static IReadOnlyDictionary<string, long> ByName(LinkStatistics counters) =>
        All.ToDictionary(counter => counter.Name, counter => counter.Read(counters), StringComparer.Ordinal);
}
