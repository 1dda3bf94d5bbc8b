using System.Numerics;
using System.Runtime.CompilerServices;

namespace Ptnetmap.Traffic;

/// <summary>Counts durations in buckets that are exact below 64 and within 1/32 above; records without allocation.
/// <code>
/// bucket of v:  v &lt; 64:  v        otherwise, with e = bit length of v - 6:  32 * e + (v &gt;&gt; e)
/// </code>
/// Machine code can fill an array of the same shape, which <see cref="Add(ReadOnlySpan{long})"/> takes. One writer;
/// readers see whole numbers, if not all of one instant.</summary>
public sealed class LatencyHistogram
{
    /// <summary>Number of buckets: enough for any 63-bit value.</summary>
    public const int Buckets = (32 * (63 - LinearBits)) + 64;

    private const int LinearBits = 6;
    private readonly long[] _counts = new long[Buckets];

    /// <summary>Values recorded.</summary>
    public long Count
    {
        get
        {
            long sum = 0;
            foreach (long count in _counts)
            {
                sum += count;
            }

            return sum;
        }
    }

    /// <summary>Which bucket counts <paramref name="value"/>; negative values count as 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int BucketOf(long value)
    {
        ulong v = (ulong)Math.Max(0, value);
        int e = Math.Max(0, 64 - LinearBits - BitOperations.LeadingZeroCount(v));
        return (32 * e) + (int)(v >> e);
    }

    /// <summary>The largest value that <paramref name="bucket"/> counts.</summary>
    public static long UpperBound(int bucket)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bucket);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(bucket, Buckets);
        int e = Math.Max(0, (bucket / 32) - 1);
        return (long)(((ulong)(bucket - (32 * e)) + 1) << e) - 1;
    }

    /// <summary>Counts one value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Record(long value) => _counts[BucketOf(value)]++;

    /// <summary>Adds buckets that were filled elsewhere.</summary>
    /// <exception cref="ArgumentException">Not <see cref="Buckets"/> of them.</exception>
    public void Add(ReadOnlySpan<long> buckets)
    {
        if (buckets.Length != Buckets)
        {
            throw new ArgumentException($"{buckets.Length} buckets, expected {Buckets}", nameof(buckets));
        }

        for (int i = 0; i < buckets.Length; i++)
        {
            _counts[i] += buckets[i];
        }
    }

    /// <summary>Adds another histogram's values.</summary>
    public void Add(LatencyHistogram other) => Add(other._counts);

    /// <summary>Takes out what an earlier copy of this histogram held: what is left was recorded since.</summary>
    public void Subtract(LatencyHistogram earlier)
    {
        for (int i = 0; i < Buckets; i++)
        {
            _counts[i] -= earlier._counts[i];
        }
    }

    /// <summary>The value that <paramref name="percent"/> of all values do not exceed, rounded up to its bucket's
    /// end.</summary>
    /// <param name="percent">0 to 100.</param>
    /// <returns>In the unit of what was recorded; 0 when nothing was.</returns>
    public long Percentile(double percent)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(percent);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(percent, 100);
        long wanted = Math.Max(1, (long)Math.Ceiling(Count * percent / 100));
        long seen = 0;
        for (int i = 0; i < Buckets; i++)
        {
            seen += _counts[i];
            if (seen >= wanted)
            {
                return UpperBound(i);
            }
        }

        return 0;
    }
}
