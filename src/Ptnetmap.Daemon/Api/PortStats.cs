using Ptnetmap.Daemon.Running;

namespace Ptnetmap.Daemon.Api;

/// <summary>The counters of a port's rings.</summary>
/// <param name="Port">The port's name.</param>
/// <param name="Rings">Tx rings, then rx rings.</param>
public sealed record PortStats(string Port, IReadOnlyList<RingReport> Rings)
{
    internal static PortStats Of(ServedPort port) =>
        new(port.Name, [.. port.Port.TxRings.Concat(port.Port.RxRings).Select(RingReport.Of)]);
}
