using Ptnetmap.Linux;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Passthrough;

/// <content>Whoever stops a ring by a full one is woken again. A driver that looks only after an interrupt may have been
/// sent its only one while it could not hear (FreeBSD's, until its start is over): the ring would stand still for good.
/// With each reminder in vain the next one is later, so a receiver that hangs costs next to nothing.</content>
public abstract partial class SyncLoop
{
    private const long FirstReminder = 1_000_000;
    private const long RarestReminder = 1_000_000_000;

    private long _remindAt;
    private long _remindEvery;
    private bool _isStalled;

    /// <summary>True when the ring stands still because somebody has no space.</summary>
    private protected virtual bool IsStopped(SyncStatus status) => status == SyncStatus.Blocked;

    /// <summary>The receive ring that stops this one when it is full.</summary>
    private protected virtual Kring? Stopper => null;

    /// <summary>Counts that the ring stands still, once until it moves again.</summary>
    private protected void CountStall()
    {
        Ring.Counters.Stalls += _isStalled ? 0 : 1;
        _isStalled = true;
    }

    // A pass that moved something has told everybody; it may be needed once more all the same.
    private void RemindAfter(bool hasMoved, SyncStatus status)
    {
        bool isStopped = IsStopped(status);
        if (hasMoved || !isStopped)
        {
            (_remindAt, _remindEvery, _isStalled) = (0, 0, false);
        }

        if (!isStopped || (_remindAt != 0 && _passStart < _remindAt))
        {
            return;
        }

        if (Stopper is not { Client: { } client } ring || !client.AsksToBeWoken(ring))
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

    // The pass is about to end with the ring asleep.
    private void RemindLater()
    {
        if (_remindAt != 0)
        {
            Timer.Set(Math.Max(1, _remindAt - LinuxThread.MonotonicNanoseconds));
        }
    }
}
