using Ptnetmap.Traffic;

namespace Ptnetmap.Cli.Reports;

/// <summary>What <c>ptnet guest probe</c> measured; all times in microseconds.</summary>
/// <param name="Pci">The port.</param>
/// <param name="Bar0">What its registers are: io or memory.</param>
/// <param name="Interrupts">MSI-X (vfio), INTx (uio) or none (poll).</param>
/// <param name="Csb">Where the CSB was: bar or memory.</param>
/// <param name="RegisterReadUs">A register read.</param>
/// <param name="KickUs">A kick, until the processor goes on.</param>
/// <param name="SustainedKickUs">A kick of many without a pause, until the host has noticed the last.</param>
/// <param name="KickToInterruptUs">From handing a frame over to the interrupt that answers; null when none
/// came.</param>
internal sealed record GuestProbeReport(
    string Pci, string Bar0, string Interrupts, string Csb, LatencySummary? RegisterReadUs, LatencySummary? KickUs,
    double SustainedKickUs, LatencySummary? KickToInterruptUs);
