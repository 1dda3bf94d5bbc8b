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
    // What the kernel brings in one go; fewer are told at once.
    private const uint Burst = 16;
    private const long LongestPause = 1_000_000;
    private const long ShortestHoldOff = 10_000;

    private bool _kickArmed;
    private long _lastNews;

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

    internal override void Start()
    {
        _kickArmed = false;
        base.Start();
    }

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

    // A source that is watched wakes a worker for every burst that the kernel brings, and the worker the guest: two
    // wake-ups for a few dozen packets, paid in part by the core that brings them. So while bursts follow each other the
    // source is looked at by the timer, when a quarter of the ring will have come at the rate of now.
    private protected override long HoldOffAfter(uint moved, PassCause cause)
    {
        if (moved == 0)
        {
            return 0;
        }

        long now = LinuxThread.MonotonicNanoseconds;
        long elapsed = now - _lastNews;
        _lastNews = now;
        if (moved < Burst || elapsed > LongestPause)
        {
            return 0;
        }

        DisarmSource(Source);
        return Math.Clamp(Ring.SlotCount / 4 * elapsed / moved, ShortestHoldOff, Policy.HoldOffNanoseconds);
    }

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

    private protected override bool TryArm()
    {
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
