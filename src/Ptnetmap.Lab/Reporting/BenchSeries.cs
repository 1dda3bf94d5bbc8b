namespace Ptnetmap.Lab.Reporting;

/// <summary>Several measurements that belong together.</summary>
/// <param name="Bench">Which.</param>
/// <param name="Reports">Each.</param>
public sealed record BenchSeries(string Bench, IReadOnlyList<BenchReport> Reports);
