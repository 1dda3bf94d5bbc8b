using Ptnetmap.Linux;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Passthrough;

/// <content>What happens when a pass has nothing left to do: arm what wakes us, or hold it off.</content>
public abstract partial class SyncLoop
{
    private long _holdUntil;

    /// <summary>A ring that is blocked is looked at again after this time, and asks nobody to be told; 0: it asks.</summary>
    private protected virtual long RetryNanoseconds => 0;

    /// <summary>How long a ring that is blocked waits before it asks to be told of space; sides that are about to sleep run the
    /// pass themselves meanwhile. 0: it asks at once.</summary>
    private protected virtual long HoldOffWhenBlocked => _policy.HoldOffNanoseconds;

    /// <summary>How long what wakes us is held off after a pass that moved so many slots, in nanoseconds; 0: it is
    /// armed.</summary>
    private protected virtual long HoldOffAfter(uint moved, PassCause cause) =>
        (cause == PassCause.Assist ? moved != 0 : moved >= _muchMoved) ? _policy.HoldOffNanoseconds : 0;

    /// <summary>Within which time somebody has to look after a pass that moved nothing while what wakes us is held off, in
    /// nanoseconds.</summary>
    private protected virtual long LookWithin(PassCause cause) => long.MaxValue;

    /// <summary>For how long a look is not worth it, in nanoseconds, while what wakes us is held off. 0 or less: it is.</summary>
    private protected virtual long TooEarly(PassCause cause, long now) => 0;

    /// <summary>Asks to be told when there is space. False when there is some already.</summary>
    private protected abstract bool TryWaitForSpace();

    /// <summary>Asks to be told when there is something to move. False when there is something already.</summary>
    private protected abstract bool TryArm();

    // A kick costs the guest an exit and the host a wake-up, and while both sides are busy neither is needed: a sender
    // that fills its ring, or a receiver that empties its own, runs the pass itself before it sleeps. So after such a
    // pass the kick stays off, and a timer looks after the ring if in fact nobody comes.
    private bool TrySettle(SyncStatus status, uint moved, PassCause cause)
    {
        if (_policy.NeverSleeps)
        {
            return true;
        }

        if (status == SyncStatus.Blocked && RetryNanoseconds != 0)
        {
            HoldOff(RetryNanoseconds);
            return true;
        }

        if (_policy.HoldOffNanoseconds != 0)
        {
            long time = status == SyncStatus.Blocked && cause != PassCause.Timer
                ? HoldOffWhenBlocked
                : HoldOffAfter(moved, cause);
            if (time != 0)
            {
                HoldOff(time);
                return true;
            }

            // The timer may have fired into a pass that was under way; then its time is over and nobody else will look.
            if (IsHeldOff(cause))
            {
                return true;
            }
        }

        _holdUntil = 0;
        if (!(status == SyncStatus.Blocked ? TryWaitForSpace() : TryArm()))
        {
            return false;
        }

        RemindLater();
        return true;
    }

    // The timer is pushed at most twice a hold-off, so that many short passes do not pay a system call each. What this pass
    // took comes on top: the next one takes as long, and is not to be interrupted by the timer of this one.
    private void HoldOff(long nanoseconds)
    {
        long now = LinuxThread.MonotonicNanoseconds;
        long time = nanoseconds + (now - _passStart);
        if (_holdUntil - now < time / 2)
        {
            _holdUntil = now + time;
            Timer.Set(time);
        }
    }

    private bool IsHeldOff(PassCause cause)
    {
        long left = _holdUntil - LinuxThread.MonotonicNanoseconds;
        if (left > 0)
        {
            HoldOffNoLonger(left, LookWithin(cause));
        }

        return left > 0;
    }

    // A pass that comes too early is put off: the timer runs it.
    private bool TryPutOff(PassCause cause)
    {
        if (_holdUntil <= _passStart)
        {
            return false;
        }

        long time = TooEarly(cause, _passStart);
        if (time > 0)
        {
            HoldOffNoLonger(_holdUntil - _passStart, time);
        }

        return time > 0;
    }

    private void HoldOffNoLonger(long left, long time)
    {
        if (time < left)
        {
            _holdUntil -= left - time;
            Timer.Set(time);
        }
    }
}
