using CsCheck;
using Ptnetmap.Memory;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Tests.Passthrough;

/// <summary>When there is another pass of a ring, against the simplest model of it, by a clock of the test's
/// own.</summary>
public sealed class WakePlanTests : IDisposable
{
    private const long Longest = 100_000;
    private const long Retry = 30_000;
    private const long ShortestPace = 10_000;
    private const long RarestReminder = 1_000_000_000;

    private static readonly Gen<Step> Steps = Gen.Select(
        Gen.Enum<PassCause>(), OneOf(SyncStatus.Dry, SyncStatus.Blocked), Gen.UInt[0, 40], Gen.Int[0, 20_000],
        OneOf(0, 0, 1_000, 90_000, 300_000), OneOf(0, 0, 15_000, 80_000, 1L << 60), Gen.Bool, Gen.Bool,
        (cause, status, moved, took, idle, hold, news, more) =>
            new Step(cause, status, moved, took, idle, hold, news, more));

    private readonly MemoryRegion _region =
        MemoryRegion.Create(new RegionRequest { Slots = 64, BufferSize = 128, HugePages = HugePagePolicy.Off });

    private readonly PlayedPort _port;

    public WakePlanTests() => _port = new PlayedPort("vale0:a", _region, new Quiescence());

    public void Dispose()
    {
        _port.Dispose();
        _region.Dispose();
    }

    [Fact]
    public void Whatever_happens_somebody_sees_to_the_next_pass() =>
        Gen.Select(Gen.Bool, Gen.Bool, Gen.Bool, Steps.Array[1, 40])
            .Sample((hasSource, retries, isDeaf, steps) => AgreesWithModel(hasSource, retries, isDeaf, steps),
                iter: 2_000, threads: 1);

    [Fact]
    public void A_worker_that_polls_asks_nobody()
    {
        var pass = new PlayedPass(_port);
        using var plan = new WakePlan(pass, NotificationPolicy.Spin, _ => { });
        foreach (SyncStatus status in Enum.GetValues<SyncStatus>())
        {
            Assert.True(plan.TryBegin(PassCause.Turn));
            plan.GoOn();
            Assert.True(plan.TrySettle(status, 0, PassCause.Turn));
            Assert.Equal((WakeState.Polling, 0, 0L), (plan.State, pass.Asked, plan.FiresAt));
        }
    }

    [Fact]
    public void A_policy_that_never_holds_off_arms_at_once_also_before_the_time_for_a_retry_is_over()
    {
        var pass = new PlayedPass(_port) { Retry = Retry };
        using var plan = new WakePlan(pass, NotificationPolicy.Sleep, _ => { }, () => 1_000_000_000);
        Assert.True(plan.TryBegin(PassCause.Kick));
        Assert.True(plan.TrySettle(SyncStatus.Blocked, 0, PassCause.Kick));
        Assert.Equal((WakeState.HeldOff, 0), (plan.State, pass.Asked));
        Assert.True(plan.TryBegin(PassCause.Assist));
        Assert.True(plan.TrySettle(SyncStatus.Dry, 0, PassCause.Assist));
        Assert.Equal((WakeState.Armed, 1), (plan.State, pass.Asked));
    }

    [Fact]
    public void A_user_that_is_back_before_much_can_have_come_sleeps_until_it_has()
    {
        long now = 1_000_000_000;
        using var source = new QueueSource();
        var pass = new PlayedPass(_port, source);
        using var plan = new WakePlan(pass, NotificationPolicy.SpinThenSleep, _ => { }, () => now);
        for (int burst = 0; burst < 2; burst++, now += 20_000)
        {
            pass.Ring.Counters.Packets += 16;
            Assert.True(plan.TryBegin(PassCause.Assist));
            Assert.True(plan.TrySettle(SyncStatus.Dry, 16, PassCause.Assist));
        }

        // 16 slots, a quarter of the ring, in 20 us, and those are over now. A burst later they are not.
        Assert.Equal(WakeState.HeldOff, plan.State);
        Assert.True(plan.TryBegin(PassCause.Assist));
        pass.Ring.Counters.Packets += 16;
        Assert.True(plan.TrySettle(SyncStatus.Dry, 16, PassCause.Assist));
        Assert.InRange(plan.FiresAt, now + 100_000, long.MaxValue);
        Assert.False(plan.TryBegin(PassCause.Assist));
        Assert.Equal((WakeState.HeldOff, now + 20_000), (plan.State, plan.FiresAt));
        Assert.True(plan.TryBegin(PassCause.Kick));
    }

    private bool AgreesWithModel(bool hasSource, bool retries, bool isDeaf, Step[] steps)
    {
        long now = 1_000_000_000;
        bool isWatched = false;
        using var source = new QueueSource();
        var policy = new ToldPolicy();
        var pass = new PlayedPass(_port, hasSource ? source : null) { Retry = retries ? Retry : 0 };
        using var plan = new WakePlan(pass, policy, _ => isWatched = !isWatched, () => now);
        var model = new Model(pass);
        _port.RxRings[0].SetClient(isDeaf ? new DeafClient() : null);
        foreach (Step step in steps)
        {
            now += step.Idle;
            (pass.HasNews, policy.Time, int asked) = (step.News, step.Hold, pass.Asked);
            isWatched &= step.Cause != PassCause.Source;
            Assert.True(step.Cause == PassCause.Timer || plan.TryConsume(step.Cause));
            Assert.True(plan.TryBegin(step.Cause));
            now += step.Took;
            if (step.More)
            {
                plan.GoOn();
                model.GoOn();
            }
            else
            {
                model.Settle(step, now);
                Assert.Equal(model.State != WakeState.Due, plan.TrySettle(step.Status, step.Moved, step.Cause));
                asked += model.HasAskedPass ? 1 : 0;
            }

            Assert.Equal((model.State, asked), (plan.State, pass.Asked));
            AssertSeenTo(plan, model, now);
            Assert.True(!hasSource || step.More || plan.State != WakeState.Armed || (isWatched && source.IsExpected));
            Assert.True(plan.State != WakeState.Blocked || !isDeaf || step.More
                || plan.FiresAt - now is > 0 and <= RarestReminder);
        }

        return true;
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(at => values[at]);

    private static void AssertSeenTo(WakePlan plan, Model model, long now)
    {
        if (plan.State == WakeState.HeldOff)
        {
            Assert.Equal(model.Until, plan.FiresAt);
            Assert.InRange(plan.FiresAt, 0, now + Longest + 20_000);
        }
    }

    private sealed record Step(
        PassCause Cause, SyncStatus Status, uint Moved, int Took, int Idle, long Hold, bool News, bool More);

    /// <summary>Four states and a time.</summary>
    private sealed class Model(PlayedPass pass)
    {
        internal WakeState State { get; private set; } = WakeState.Due;

        internal long Until { get; private set; }

        internal bool HasAskedPass { get; private set; }

        internal void GoOn() => State = State == WakeState.HeldOff ? State : WakeState.Due;

        internal void Settle(Step step, long now)
        {
            bool isBlocked = step.Status == SyncStatus.Blocked;
            HasAskedPass = false;
            if (step.Cause == PassCause.Pull && !isBlocked && step.Moved == 0
                && State is WakeState.HeldOff or WakeState.Armed)
            {
                return;
            }

            long hold = (isBlocked && pass.Retry != 0 ? pass.Retry : Math.Min(step.Hold, Longest)) is > 0 and long time
                ? time + step.Took
                : 0;
            if (hold != 0 || Until > now)
            {
                State = WakeState.HeldOff;
                bool isFound = hold == 0 && step.Cause == PassCause.Assist && pass.Source is not null;
                Until = isFound ? Math.Min(Until, now + ShortestPace) : Until - now < hold / 2 ? now + hold : Until;
                return;
            }

            Until = 0;
            HasAskedPass = isBlocked || pass.Source is null;
            State = HasAskedPass && step.News ? WakeState.Due : isBlocked ? WakeState.Blocked : WakeState.Armed;
        }
    }

    /// <summary>Says what it is told to.</summary>
    private sealed class ToldPolicy() : NotificationPolicy("told")
    {
        internal long Time { get; set; }

        public override long LongestHoldOff => Longest;

        public override long HoldOffAfter(in PassOutcome pass) => Time;
    }

    /// <summary>A ring whose passes move nothing, and who can be asked.</summary>
    private sealed class PlayedPass(PlayedPort port, RxSource? source = null) : RingPass(port, port.TxRings[0])
    {
        internal long Retry { get; init; }

        internal bool HasNews { get; set; }

        internal int Asked { get; private set; }

        internal override RxSource? Source => source;

        internal override long RetryNanoseconds => Retry;

        internal override Kring? Stopper => Port.RxRings[0];

        internal override SyncStatus Deliver(uint budget, ref uint moved) => throw new NotSupportedException();

        internal override void NotifySides(bool hasMoved) => throw new NotSupportedException();

        internal override bool TryAskForPackets() => TryAsk();

        internal override bool TryAskForSpace(bool isFirst) => TryAsk();

        private bool TryAsk()
        {
            Asked++;
            return !HasNews;
        }
    }

    /// <summary>Asks for an interrupt for ever.</summary>
    private sealed class DeafClient : RingClient
    {
        public override bool AsksToBeWoken(Kring ring) => true;

        public override void Fetch(Kring ring) => throw new NotSupportedException();

        public override void Publish(Kring ring) => throw new NotSupportedException();

        public override void Notify(Kring ring)
        {
            // It does not hear.
        }

        public override bool TryAskForSpace(Kring ring) => throw new NotSupportedException();

        public override void RunPass() => throw new NotSupportedException();
    }
}
