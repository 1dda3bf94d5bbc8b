using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.Ports;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Passthrough;

/// <summary>The sync loop of one transmit ring. A pass takes what the guest handed over, has the port deliver it, and
/// shows both sides how far it got.</summary>
public sealed class TxSyncLoop : CsbSyncLoop
{
    private bool _armed;

    /// <summary>Ties ring and CSB entry together.</summary>
    public TxSyncLoop(
        Port port, Kring ring, CsbHostView csb, EventFd kick, EventFd interrupt, NotificationPolicy policy, bool resumes)
        : base(port, ring, csb, kick, interrupt, policy, resumes)
    {
    }

    private protected override long RetryNanoseconds => Port.RetryNanoseconds;

    private protected override SyncStatus Deliver(uint budget, ref uint moved)
    {
        SyncStatus status;
        do
        {
            Fetch(Ring);
            if (Ring.Pending == 0)
            {
                return Reclaim();
            }

            Disarm();
            uint hwcur = Ring.HwCur;
            status = Port.TxSync(Ring, Math.Min(Chunk, budget - moved));
            uint slots = Ring.Ring.Distance(hwcur, Ring.HwCur);
            if (slots == 0)
            {
                return status;
            }

            Publish(Ring);
            moved += slots;
        }
        while (status != SyncStatus.Blocked && moved < budget);
        return status;
    }

    private protected override void NotifySides()
    {
        Port.NotifyReceivers(Ring);
        Notify(Ring);
    }

    private protected override bool SpinForNews(long nanoseconds)
    {
        long until = LinuxThread.MonotonicNanoseconds + nanoseconds;
        do
        {
            Fetch(Ring);
            if (Ring.Pending != 0)
            {
                return true;
            }

            Thread.SpinWait(4);
        }
        while (LinuxThread.MonotonicNanoseconds < until);
        return false;
    }

    private protected override bool TryWaitForSpace()
    {
        if (!Port.TryAskForSpace(Ring))
        {
            return false;
        }

        CountStall();
        return true;
    }

    private protected override Kring? Stopper => Port.StopperOf(Ring);

    private protected override bool TryArm()
    {
        if (_armed)
        {
            return true;
        }

        if (!Door.TryArmKick())
        {
            return false;
        }

        _armed = true;
        Ring.Counters.Sleeps++;
        return true;
    }

    // Nothing to send, but what was sent before may have come back from the wire: the guest may be waiting for that.
    private SyncStatus Reclaim()
    {
        uint tail = Ring.HwTail;
        SyncStatus status = Port.Reclaim(Ring);
        if (Ring.HwTail != tail)
        {
            Publish(Ring);
            Notify(Ring);
        }

        return status;
    }

    private void Disarm()
    {
        if (_armed)
        {
            _armed = false;
            Door.DisarmKick();
        }
    }
}
