using Ptnetmap.Lab.Measuring;

namespace Ptnetmap.Lab.Reporting;

/// <summary>Percentiles of loss over short intervals, in percent of what was sent in them.</summary>
/// <param name="Samples">How many intervals.</param>
/// <param name="IntervalMs">How long each was, at least, in milliseconds.</param>
/// <param name="P50">In half of them not more was lost.</param>
/// <param name="P90">In nine of ten.</param>
/// <param name="P99">In all but one in a hundred.</param>
/// <param name="Max">The most.</param>
public sealed record LossSummary(int Samples, double IntervalMs, double P50, double P90, double P99, double Max)
{
    /// <summary>The summary of these; null when there are none.</summary>
    public static LossSummary? Of(IEnumerable<double> percent)
    {
        double[] sorted = [.. percent.Order()];
        double At(int percentile) => sorted[((percentile * sorted.Length) + 99) / 100 - 1];
        return sorted.Length == 0
            ? null
            : new LossSummary(
                sorted.Length, LossWatch.Interval.TotalMilliseconds, At(50), At(90), At(99), sorted[^1]);
    }
}
