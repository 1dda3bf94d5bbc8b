using CsCheck;
using Ptnetmap.Traffic;

namespace Ptnetmap.Tests.Traffic;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void A_value_lies_in_its_bucket_and_the_bucket_is_narrow() => Gen.Long[0, long.MaxValue].Sample(value =>
    {
        int bucket = LatencyHistogram.BucketOf(value);
        long upper = LatencyHistogram.UpperBound(bucket);
        long below = bucket == 0 ? -1 : LatencyHistogram.UpperBound(bucket - 1);
        return value <= upper && value > below && (upper - value) <= value / 32;
    });

    [Fact]
    public void Buckets_follow_each_other_without_a_gap()
    {
        for (int bucket = 1; bucket < LatencyHistogram.Buckets; bucket++)
        {
            long first = LatencyHistogram.UpperBound(bucket - 1) + 1;
            Assert.Equal(bucket, LatencyHistogram.BucketOf(first));
        }

        Assert.Equal(long.MaxValue, LatencyHistogram.UpperBound(LatencyHistogram.Buckets - 1));
    }

    [Fact]
    public void Percentiles_are_exact_for_small_values()
    {
        var histogram = new LatencyHistogram();
        for (int value = 1; value <= 50; value++)
        {
            histogram.Record(value);
        }

        Assert.Equal(50, histogram.Count);
        Assert.Equal(25, histogram.Percentile(50));
        Assert.Equal(50, histogram.Percentile(99));
        Assert.Equal(1, histogram.Percentile(0));
    }

    [Fact]
    public void Histograms_add_up()
    {
        var one = new LatencyHistogram();
        var other = new LatencyHistogram();
        one.Record(10);
        other.Record(20);
        other.Record(-5);
        one.Add(other);
        Assert.Equal((3, 0, 10, 20), (one.Count, one.Percentile(1), one.Percentile(50), one.Percentile(100)));
        Assert.Throws<ArgumentException>(() => one.Add(new long[3]));
        Assert.Equal(0, new LatencyHistogram().Percentile(50));
    }
}
