using Ptnetmap.Lab.Reporting;

namespace Ptnetmap.Integration.Tests.Cli;

/// <summary>Percentiles of loss by nearest rank.</summary>
public class LossSummaryTests
{
    [Theory]
    [InlineData(1, 1, 1, 1, 1)]
    [InlineData(2, 1, 2, 2, 2)]
    [InlineData(100, 50, 90, 99, 100)]
    [InlineData(101, 51, 91, 100, 101)]
    public void A_percentile_is_one_of_the_samples(int samples, double p50, double p90, double p99, double max) =>
        Assert.Equal(
            new LossSummary(samples, 10, p50, p90, p99, max),
            LossSummary.Of(Enumerable.Range(1, samples).Reverse().Select(number => (double)number)));

    [Fact]
    public void Nothing_has_no_percentiles() => Assert.Null(LossSummary.Of([]));
}
