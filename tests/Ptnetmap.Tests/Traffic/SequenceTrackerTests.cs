using CsCheck;
using Ptnetmap.Traffic;

namespace Ptnetmap.Tests.Traffic;

public sealed class SequenceTrackerTests
{
    [Fact]
    public void In_order_nothing_is_wrong()
    {
        SequenceTracker tracker = Follow(0, 1, 2, 3);
        Assert.Equal((0, 0, 0), (tracker.Lost, tracker.Duplicated, tracker.Reordered));
        Assert.Equal(4u, tracker.Expected);
    }

    [Fact]
    public void A_gap_is_lost() => Assert.Equal(2, Follow(0, 1, 4).Lost);

    [Fact]
    public void A_late_one_is_reordered_and_not_lost()
    {
        SequenceTracker tracker = Follow(0, 1, 5, 3);
        Assert.Equal((2, 0, 1), (tracker.Lost, tracker.Duplicated, tracker.Reordered));
    }

    [Fact]
    public void One_seen_again_is_duplicated_whether_in_order_or_late()
    {
        SequenceTracker tracker = Follow(0, 1, 1, 4, 2, 2);
        Assert.Equal((1, 2, 1), (tracker.Lost, tracker.Duplicated, tracker.Reordered));
    }

    [Fact]
    public void It_agrees_with_a_set_of_all_numbers_seen() => Gen.ULong[0, 300].Array[0, 400].Sample(sequences =>
    {
        var seen = new HashSet<ulong>();
        long duplicated = 0;
        long reordered = 0;
        ulong next = 0;
        foreach (ulong sequence in sequences)
        {
            if (!seen.Add(sequence))
            {
                duplicated++;
            }
            else if (sequence < next)
            {
                reordered++;
            }

            next = Math.Max(next, sequence + 1);
        }

        SequenceTracker tracker = Follow(sequences);
        return tracker.Duplicated == duplicated && tracker.Reordered == reordered
            && tracker.Lost == (long)next - seen.Count && tracker.Expected == next;
    });

    private static SequenceTracker Follow(params ReadOnlySpan<ulong> sequences)
    {
        var tracker = new SequenceTracker();
        foreach (ulong sequence in sequences)
        {
            tracker.Observe(sequence);
        }

        return tracker;
    }
}
