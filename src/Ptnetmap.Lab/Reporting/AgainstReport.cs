using Ptnetmap.Traffic;

namespace Ptnetmap.Lab.Reporting;

/// <summary>What was measured in turn with the runs, for comparison.</summary>
/// <param name="Name">What it is.</param>
/// <param name="LatencyUs">Its times in microseconds, of the median run.</param>
/// <param name="Ratio">Our median through its own.</param>
public sealed record AgainstReport(string Name, LatencySummary LatencyUs, double Ratio);
