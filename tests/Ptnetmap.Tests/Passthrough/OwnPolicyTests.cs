using System.Collections.Concurrent;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Tests.Passthrough;

/// <summary>A notification policy is any object that says how long: those that options name can be replaced.</summary>
public sealed class OwnPolicyTests
{
    private const long Hour = 3_600_000_000_000;

    [Fact]
    public void It_is_asked_how_long_after_each_pass_and_the_kick_is_off_for_that_long()
    {
        var policy = new OwnPolicy(Hour);
        using var bed = new PassthroughBed(policy: policy);
        policy.Asked.Clear();
        policy.Time = Hour;
        bed.Guest(0).Send(7);
        Assert.True(bed.Guest(0).KickTx());
        bed.Guest(1).AwaitPackets();
        SourceBed.Await(() => policy.Asked.Any(pass => pass.Moved == 1));

        PassOutcome asked = policy.Asked.First(pass => pass.Moved == 1);
        Assert.Equal((SyncStatus.Dry, PassCause.Kick, 64u, true),
            (asked.Status, asked.Cause, asked.Slots, asked.UserAssists));
        Assert.Null(asked.Pace);
        Assert.Equal(7u, bed.Guest(1).Receive());
        bed.Guest(0).Send(8);
        Assert.False(bed.Guest(0).KickTx());
        bed.Guest(0).Attachment.Assist();
        Assert.Equal(8u, bed.Guest(1).Receive());
    }

    [Fact]
    public void What_it_says_is_cut_off_at_its_longest_time_so_a_ring_is_never_lost()
    {
        var policy = new OwnPolicy(longest: 1_000_000);
        using var bed = new PassthroughBed(policy: policy);
        policy.Time = Hour;
        for (uint i = 0; i < 20; i++)
        {
            // Nobody kicks and nobody assists but the first time: the timer finds them.
            bed.Guest(0).Send(i);
            _ = i == 0 && bed.Guest(0).KickTx();
            bed.Guest(1).AwaitPackets();
            Assert.Equal(i, bed.Guest(1).Receive());
        }
    }

    [Fact]
    public void Its_name_is_what_options_call_it_and_others_are_refused_with_those_that_there_are()
    {
        Assert.All(NotificationPolicy.All,
            policy => Assert.Same(policy, NotificationPolicy.Parse(policy.Name.ToUpperInvariant())));
        Assert.Contains("spin-then-sleep, sleep, spin",
            Assert.Throws<ArgumentException>(() => NotificationPolicy.Parse("own")).Message, StringComparison.Ordinal);
    }

    private sealed class OwnPolicy(long longest) : NotificationPolicy("own")
    {
        internal ConcurrentQueue<PassOutcome> Asked { get; } = new();

        internal long Time { get; set; }

        public override long LongestHoldOff => longest;

        public override long HoldOffAfter(in PassOutcome pass)
        {
            Asked.Enqueue(pass);
            return Time;
        }
    }
}
