using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.Ports;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Passthrough;

/// <summary>The sync loop of a receive ring whose packets come from outside (a NIC, a TAP interface). A pass takes what
/// has arrived and shows it to the guest. Asleep, it waits for the source's descriptor; when the guest has no free slot,
/// for the guest's kick.</summary>
public sealed class RxSourceLoop : SyncLoop
{
    private bool _kickArmed;
    private bool _sourceArmed;

    /// <summary>Ties ring, source and CSB entry together.</summary>
    public RxSourceLoop(
        Port port,
        Kring ring,
        RxSource source,
        CsbHostView csb,
        EventFd kick,
        EventFd interrupt,
        NotificationPolicy policy)
        : base(port, ring, csb, kick, interrupt, policy) => Source = source;

    /// <summary>Where the packets come from.</summary>
    public RxSource Source { get; }

    /// <inheritdoc/>
    public override bool TryAskForSpace(Kring ring) => false;

    internal override void Start()
    {
        _kickArmed = false;
        _sourceArmed = false;
        base.Start();
    }

    internal override void PullBeforeSleep() => RunPass();

    /// <summary>Packets have arrived; the worker watches the descriptor no more until it is armed again.</summary>
    internal bool OnSource()
    {
        _sourceArmed = false;
        return Run(Worker.Budget, PassCause.Source, maySpin: false);
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

    private protected override bool TryWaitForSpace()
    {
        if (!_kickArmed)
        {
            if (!TryArmKick())
            {
                return false;
            }

            _kickArmed = true;
            Ring.Counters.Stalls++;
        }

        return true;
    }

    // Level-triggered and once: what arrived before this call fires at once, and while a pass is under way nothing does.
    private protected override bool TryArm()
    {
        if (!_sourceArmed && Worker is { } worker)
        {
            _sourceArmed = true;
            Ring.Counters.Sleeps++;
            worker.ArmSource(this);
        }

        return true;
    }

    private void Disarm()
    {
        if (_kickArmed)
        {
            _kickArmed = false;
            Csb.WriteKernNeedKick(false);
        }
    }
}
