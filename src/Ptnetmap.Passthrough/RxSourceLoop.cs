using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.Ports;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Passthrough;

/// <summary>The sync loop of a receive ring whose packets come from outside (a NIC, a TAP interface). A pass takes what
/// has arrived and shows it to the guest. Asleep, it waits for the source's descriptor; when the guest has no free slot,
/// for the guest's kick.</summary>
public sealed class RxSourceLoop : CsbSyncLoop
{
    private readonly ArrivalPace _pace = new();
    private bool _kickArmed;

    /// <summary>Ties ring, source and CSB entry together.</summary>
    public RxSourceLoop(
        Port port,
        Kring ring,
        RxSource source,
        CsbHostView csb,
        EventFd kick,
        EventFd interrupt,
        NotificationPolicy policy,
        bool resumes)
        : base(port, ring, csb, kick, interrupt, policy, resumes) => Source = source;

    /// <summary>Where the packets come from.</summary>
    public override RxSource Source { get; }

    private protected override SyncStatus Deliver(uint budget, ref uint moved)
    {
        SyncStatus status;
        do
        {
            Fetch(Ring);
            uint tail = Ring.HwTail;
            status = Source.RxSync(Ring, Math.Min(Chunk, budget - moved));
            uint slots = Ring.Ring.Distance(tail, Ring.HwTail);
            if (slots == 0)
            {
                return status;
            }

            Disarm();
            Publish(Ring);
            moved += slots;
        }
        while (status == SyncStatus.More && moved < budget);
        return status;
    }

    private protected override void NotifySides() => Notify(Ring);

    private protected override long HoldOffAfter(uint moved, PassCause cause)
    {
        long time = _pace.HoldOffAfter(
            Ring.Counters.Packets,
            moved,
            Ring.SlotCount,
            Policy.HoldOffNanoseconds,
            LinuxThread.MonotonicNanoseconds,
            byUser: cause == PassCause.Assist);
        if (time != 0)
        {
            DisarmSource(Source);
        }

        return time;
    }

    private protected override long LookWithin(PassCause cause) =>
        cause == PassCause.Assist ? _pace.Quarter : long.MaxValue;

    private protected override long TooEarly(PassCause cause, long now) =>
        cause == PassCause.Assist ? _pace.LeftOfQuarter(now) : 0;

    private protected override bool TryWaitForSpace()
    {
        if (!_kickArmed)
        {
            if (!Door.TryArmKick())
            {
                return false;
            }

            _kickArmed = true;
            Ring.Counters.Stalls++;
        }

        return true;
    }

    private protected override bool IsStopped(SyncStatus status) =>
        base.IsStopped(status) || (status == SyncStatus.Dry && Source.IsStarved);

    private protected override Kring? Stopper => Ring;

    // The pass may have taken the last frame that there was a buffer for.
    private protected override bool TryArm()
    {
        if (Source.IsStarved)
        {
            return TryWaitForSpace();
        }

        ArmSource(Source);
        return true;
    }

    private void Disarm()
    {
        if (_kickArmed)
        {
            _kickArmed = false;
            Door.DisarmKick();
        }
    }
}
