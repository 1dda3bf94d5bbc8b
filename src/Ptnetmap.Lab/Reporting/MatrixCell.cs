using System.Text.Json.Serialization;

namespace Ptnetmap.Lab.Reporting;

/// <summary>One combination of the matrix, and what came out.</summary>
/// <param name="Shape">Name of the <see cref="MatrixShape"/>.</param>
/// <param name="Guests">What the guests are: vm or thread.</param>
/// <param name="BothWays">Both ends send and receive; the rate is the sum.</param>
/// <param name="Frame">Bytes of a frame, without Ethernet's checksum.</param>
/// <param name="Report">The figures; null when there are none.</param>
/// <param name="Reason">Why there are no figures; null when there are.</param>
/// <param name="Failed">It was tried, and failed; otherwise it cannot run here.</param>
public sealed record MatrixCell(
    string Shape, string Guests, bool BothWays, int Frame, BenchReport? Report = null, string? Reason = null,
    bool Failed = false)
{
    /// <summary>From so much on a loss is told.</summary>
    private const double LossThatCounts = 0.001;

    /// <summary>More frames were lost than anybody may overlook: one of a thousand.</summary>
    [JsonIgnore]
    public bool IsLossy => Report is { Sent: > 0 } && Report.Lost > LossThatCounts * Report.Sent;

    /// <summary>What it is, for people.</summary>
    [JsonIgnore]
    public string Title => $"{Shape}, {Frame} B, {WayOf(BothWays)}, {Guests} guests";

    /// <summary>The way's words.</summary>
    public static string WayOf(bool bothWays) => bothWays ? "both ways" : "one way";
}
