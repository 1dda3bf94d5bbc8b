using CsCheck;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Tests.Ports.Rings;

/// <summary>Patience is used up by waiting, and comes back with what the receiver takes.</summary>
public sealed class ReceiverPatienceTests
{
    private const long Most = 50_000;

    [Fact]
    public void Who_takes_nothing_is_waited_for_once()
    {
        var patience = default(ReceiverPatience);
        Assert.Equal(Most, patience.Ask(Most, consumed: 0, now: 1_000));
        Assert.Equal(Most - 20_000, patience.Ask(Most, 0, 21_000));
        Assert.Equal(0, patience.Ask(Most, 0, 51_000));
        Assert.False(patience.IsUsed);
        Assert.Equal(0, patience.Ask(Most, 0, 10_000_000));
    }

    [Fact]
    public void Each_slot_that_is_taken_is_worth_a_microsecond_and_no_more_than_was_used()
    {
        var patience = default(ReceiverPatience);
        _ = patience.Ask(Most, 0, 1_000);
        Assert.Equal(0, patience.Ask(Most, 0, 100_000));
        Assert.Equal(10 * ReceiverPatience.EarnedPerSlot, patience.Ask(Most, 10, 200_000));
        patience.Met(10, 200_000);
        Assert.Equal(Most, patience.Ask(Most, 1_000_000, 300_000));
        Assert.Equal(1, patience.Ask(Most, 1_000_000, 300_000 + Most - 1));
    }

    [Fact]
    public void Nobody_waits_when_a_sender_found_space()
    {
        var patience = default(ReceiverPatience);
        _ = patience.Ask(Most, 0, 1_000);
        patience.Met(0, 11_000);
        Assert.False(patience.IsUsed);
        Assert.Equal(Most - 10_000, patience.Ask(Most, 0, 1_000_000));
    }

    /// <summary>Of any history, what senders wait in all is at most what there was at first and what was
    /// earned.</summary>
    [Fact]
    public void Nobody_waits_longer_than_the_receiver_has_earned() => Gen
        .Select(Gen.Int[0, 60], Gen.Long[0, 40_000], Gen.Bool).List[1, 200]
        .Sample(steps =>
        {
            var patience = default(ReceiverPatience);
            (long now, long waited, ulong consumed, bool waits) = (1, 0, 0, false);
            foreach ((int taken, long time, bool hasSpace) in steps)
            {
                now += time;
                consumed += (ulong)taken;
                waited += waits ? time : 0;
                long earned = (long)consumed * ReceiverPatience.EarnedPerSlot;
                if (hasSpace)
                {
                    patience.Met(consumed, now);
                    waits = false;
                    continue;
                }

                long left = patience.Ask(Most, consumed, now);
                waits = left != 0;
                Assert.InRange(left, 0, Most);
                Assert.True(waited + left <= Most + earned + 40_000, $"{waited} and {left} of {earned}");
            }
        });
}
