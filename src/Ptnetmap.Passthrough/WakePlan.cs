using System.Diagnostics;
using Ptnetmap.Linux;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Passthrough;

/// <summary>When there is another pass of a ring, and who sees to it (<see cref="WakeState"/>). The plan owns the
/// timer, the watch over a source outside, and the pace of what comes from there; for how long is the policy's to say,
/// and what there is to ask for is the pass's. Used by whoever runs the pass; the worker besides takes what
/// fired.</summary>
/// <param name="pass">What the ring can be woken by.</param>
/// <param name="policy">For how long it is not.</param>
/// <param name="watch">Has the ring's worker watch the source until it fires once.</param>
/// <param name="clock">The monotonic clock, nanoseconds; null: the kernel's.</param>
internal sealed class WakePlan(RingPass pass, NotificationPolicy policy, Action<RxSource> watch,
    Func<long>? clock = null) : IDisposable
{
    private const long FirstReminder = 1_000_000;
    private const long RarestReminder = 1_000_000_000;

    private readonly Func<long> _clock = clock ?? (() => LinuxThread.MonotonicNanoseconds);
    private readonly ArrivalPace? _pace = pass.Source is null ? null : new ArrivalPace();
    private readonly long _retry = pass.RetryNanoseconds;
    private long _passStart;
    private long _holdUntil;
    private long _pulled = long.MinValue / 2;
    private long _remindAt;
    private long _remindEvery;
    private bool _isStalled;
    private bool _isWatched;

    /// <summary>Who sees to it that there is another pass.</summary>
    internal WakeState State { get; private set; } = policy.NeverSleeps ? WakeState.Polling : WakeState.Due;

    /// <summary>Fires when what was held off has to be armed after all, and when somebody has to be reminded.</summary>
    internal TimerFd Timer { get; } = new();

    /// <summary>When the timer fires that was set last, by the monotonic clock.</summary>
    internal long FiresAt { get; private set; }

    /// <summary>Where the packets come from, when that is outside; null otherwise.</summary>
    internal RxSource? Source => pass.Source;

    /// <summary>How long a worker looks for more work before a pass ends.</summary>
    internal long SpinNanoseconds => policy.SpinNanoseconds;

    /// <summary>Nanoseconds that the pass has taken.</summary>
    internal long Elapsed => _clock() - _passStart;

    public void Dispose() => Timer.Dispose();

    /// <summary>Takes what brought the worker. A timer may fire into a pass, which is then left a note: it may have
    /// found already that the time is not over, and nobody else would look again.</summary>
    /// <returns>False when nothing did.</returns>
    internal bool TryConsume(PassCause cause)
    {
        if (cause == PassCause.Source)
        {
            _isWatched = false;
        }

        return cause != PassCause.Timer || Timer.TryConsume();
    }

    /// <summary>A pass begins.</summary>
    /// <returns>False when it comes before it is worth it: it is put off, and the timer runs it. A user that fetched
    /// what had come and is back before a quarter of the ring can have come again sleeps until then.</returns>
    internal bool TryBegin(PassCause cause)
    {
        _passStart = _clock();
        long left = _holdUntil - _passStart;
        if (left <= 0 || _pace is null || !pass.UserAssists || cause != PassCause.Assist
            || _pace.LeftOfQuarter(_passStart) is not (> 0 and long time))
        {
            return true;
        }

        HoldOffNoLonger(left, time, _passStart);
        return false;
    }

    /// <summary>The pass ends with more to do, and has another turn. A time for which the ring is held off goes
    /// on.</summary>
    internal void GoOn() => State = State is WakeState.Armed or WakeState.Blocked ? WakeState.Due : State;

    /// <summary>A receiver comes for the ring's packets; said by its thread, also when somebody else is at
    /// it.</summary>
    internal void Pulled() => Volatile.Write(ref _pulled, _clock());

    /// <summary>True when one has come of late: it comes again before it sleeps, and a worker need not do its
    /// work.</summary>
    internal bool IsPulled => IsPulledAt(_clock());

    private bool IsPulledAt(long now) => now - Volatile.Read(ref _pulled) < policy.LongestHoldOff;

    /// <summary>A receiver's pass has brought it what it has space for, and there is more: it comes back when it has
    /// read that, and if not the timer looks.</summary>
    /// <returns>False when nobody may be left to come by himself: the worker has the ring's next turn.</returns>
    internal bool TryLeave()
    {
        if (policy.LongestHoldOff == 0 || State == WakeState.Polling)
        {
            return false;
        }

        HoldOff(policy.LongestHoldOff, _clock());
        return true;
    }

    /// <summary>The pass has nothing left to do: sees to it that somebody looks again.</summary>
    /// <param name="status">Why: dry or blocked.</param>
    /// <param name="moved">Slots that it moved.</param>
    /// <param name="cause">Why it was run.</param>
    /// <returns>False when there is something to do by now.</returns>
    internal bool TrySettle(SyncStatus status, uint moved, PassCause cause)
    {
        RemindStopper(status, hasMoved: moved != 0);
        bool isLeft = cause == PassCause.Pull && status == SyncStatus.Dry && moved == 0
            && State is WakeState.HeldOff or WakeState.Armed;
        if (State == WakeState.Polling || isLeft)
        {
            // A receiver that found nothing leaves everything as it was.
            return true;
        }

        bool isBlocked = status == SyncStatus.Blocked;
        if (isBlocked && _retry != 0)
        {
            HoldOff(_retry, _clock());
            return true;
        }

        return (policy.LongestHoldOff != 0 && TryHoldOff(status, moved, cause)) || TryAsk(isBlocked || pass.IsStarved);
    }

    private bool TryHoldOff(SyncStatus status, uint moved, PassCause cause)
    {
        long now = _clock();
        Kring ring = pass.Arriving;
        var outcome = new PassOutcome(
            status, moved, cause, ring.SlotCount, pass.UserAssists, _pace, ring.Counters.Packets, now)
        {
            IsPulled = IsPulledAt(now),
        };
        long time = Math.Min(policy.HoldOffAfter(in outcome), policy.LongestHoldOff);
        if (time > 0)
        {
            if (status == SyncStatus.Blocked && pass.WaitNanoseconds is > 0 and long wait && wait < time)
            {
                // Sooner than the timer may be set for already.
                (time, _holdUntil) = (wait, 0);
            }

            if (!outcome.WaitsForSpace && !_isWatched)
            {
                pass.Source?.Ignore();
            }

            HoldOff(time, now);
            return true;
        }

        // The timer may have fired into a pass that was under way; then its time is over and nobody else will look.
        long left = _holdUntil - now;
        if (left > 0 && outcome.IsFetchedByUser)
        {
            HoldOffNoLonger(left, _pace!.Quarter, now);
        }

        return left > 0;
    }

    // The timer is pushed at most twice a hold-off, so that many short passes do not pay a system call each. What this
    // pass took comes on top: the next one takes as long, and is not to be interrupted by the timer of this one.
    private void HoldOff(long nanoseconds, long now)
    {
        long time = nanoseconds + (now - _passStart);
        if (_holdUntil - now < time / 2)
        {
            _holdUntil = now + time;
            SetTimer(time, now);
        }

        State = WakeState.HeldOff;
        Debug.Assert(FiresAt <= _holdUntil, "who is held off is looked after by the timer");
    }

    private void HoldOffNoLonger(long left, long time, long now)
    {
        if (time < left)
        {
            _holdUntil = now + time;
            SetTimer(time, now);
        }
    }

    private bool TryAsk(bool forSpace)
    {
        _holdUntil = 0;
        State = WakeState.Due;
        if (!(forSpace ? pass.TryAskForSpace(isFirst: !_isStalled) : TryAskForPackets()))
        {
            return false;
        }

        _isStalled |= forSpace;
        State = forSpace ? WakeState.Blocked : WakeState.Armed;
        long wait = forSpace ? pass.WaitNanoseconds : 0;
        if (_remindAt != 0 || wait != 0)
        {
            long now = _clock();
            long reminder = _remindAt == 0 ? long.MaxValue : Math.Max(1, _remindAt - now);
            SetTimer(wait == 0 ? reminder : Math.Min(reminder, wait), now);
        }

        return true;
    }

    // Level-triggered and once: what arrived before fires at once, and while a pass is under way nothing does. A source
    // that is gone would fire for ever, and is not asked.
    private bool TryAskForPackets()
    {
        if (pass.Source is not { } source)
        {
            return pass.TryAskForPackets();
        }

        if (!_isWatched && !source.IsGone)
        {
            _isWatched = true;
            pass.Ring.Counters.Sleeps++;
            source.Expect();
            watch(source);
        }

        return true;
    }

    // Whoever stops a ring by a full one is woken again. A driver that looks only after an interrupt may have been sent
    // its only one while it could not hear (FreeBSD's, until its start is over): the ring would stand still for good.
    // With each reminder in vain the next one is later, so a receiver that hangs costs next to nothing. A pass that
    // moved something has told everybody; it may be needed once more all the same.
    private void RemindStopper(SyncStatus status, bool hasMoved)
    {
        bool isStopped = status == SyncStatus.Blocked || (status == SyncStatus.Dry && pass.IsStarved);
        if (hasMoved || !isStopped)
        {
            (_remindAt, _remindEvery, _isStalled) = (0, 0, false);
        }

        if (!isStopped || (_remindAt != 0 && _passStart < _remindAt))
        {
            return;
        }

        if (pass.Stopper is not { Client: { } client } ring || !client.AsksToBeWoken(ring))
        {
            (_remindAt, _remindEvery) = (0, 0);
            return;
        }

        if (!hasMoved)
        {
            client.Notify(ring);
        }

        _remindEvery = Math.Clamp(2 * _remindEvery, FirstReminder, RarestReminder);
        _remindAt = _passStart + _remindEvery;
    }

    private void SetTimer(long nanoseconds, long now)
    {
        FiresAt = now + nanoseconds;
        Timer.Set(nanoseconds);
    }
}
