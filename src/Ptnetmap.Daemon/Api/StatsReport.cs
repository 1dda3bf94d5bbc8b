namespace Ptnetmap.Daemon.Api;

/// <summary>Counters at one time.</summary>
/// <param name="MonotonicNanoseconds">The clock for rates between two reports.</param>
/// <param name="Ports">The ports.</param>
public sealed record StatsReport(long MonotonicNanoseconds, IReadOnlyList<PortStats> Ports);
