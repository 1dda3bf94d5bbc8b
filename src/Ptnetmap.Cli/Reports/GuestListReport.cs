namespace Ptnetmap.Cli.Reports;

/// <summary>What <c>ptnet guest list</c> finds.</summary>
internal sealed record GuestListReport(IReadOnlyList<GuestPortLine> Ports, IReadOnlyList<GuestRegionLine> Regions);
