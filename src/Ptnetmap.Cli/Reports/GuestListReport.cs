namespace Ptnetmap.Cli.Reports;

/// <summary>What <c>ptnet guest list</c> finds.</summary>
/// <param name="Ports">The ports.</param>
/// <param name="Regions">The regions.</param>
internal sealed record GuestListReport(IReadOnlyList<GuestPortLine> Ports, IReadOnlyList<GuestRegionLine> Regions);
