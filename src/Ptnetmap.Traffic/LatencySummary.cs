namespace Ptnetmap.Traffic;

/// <summary>Percentiles of many times, in microseconds.</summary>
/// <param name="Count">How many.</param>
/// <param name="P50">Half are at most this.</param>
/// <param name="P90">Nine of ten.</param>
/// <param name="P99">All but one in a hundred.</param>
/// <param name="P999">All but one in a thousand.</param>
/// <param name="Max">The longest.</param>
public sealed record LatencySummary(long Count, double P50, double P90, double P99, double P999, double Max)
{
    private const double NanosecondsAMicrosecond = 1000;

    /// <summary>The summary of a histogram of nanoseconds; null when it is empty.</summary>
    public static LatencySummary? Of(LatencyHistogram times) => times.Count == 0
        ? null
        : new LatencySummary(
            times.Count,
            times.Percentile(50) / NanosecondsAMicrosecond,
            times.Percentile(90) / NanosecondsAMicrosecond,
            times.Percentile(99) / NanosecondsAMicrosecond,
            times.Percentile(99.9) / NanosecondsAMicrosecond,
            times.Percentile(100) / NanosecondsAMicrosecond);
}
