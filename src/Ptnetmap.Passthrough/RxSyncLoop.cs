using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.Ports;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Passthrough;

/// <summary>A guest's receive ring that other ports' passes fill; it has work of its own only when one of them stands still for want
/// of space and asked to be told.</summary>
public sealed class RxSyncLoop : ServedRing
{
    private readonly CsbDoor _door;

    /// <summary>Ties ring and CSB entry together.</summary>
    public RxSyncLoop(Port port, Kring ring, CsbHostView csb, EventFd kick, EventFd interrupt, bool resumes)
        : base(port, ring, kick) => _door = new CsbDoor(ring, csb, interrupt, resumes);

    /// <inheritdoc/>
    public override void Fetch(Kring ring) => _door.Fetch();

    /// <inheritdoc/>
    public override void Publish(Kring ring) => _door.Publish();

    /// <inheritdoc/>
    public override void Notify(Kring ring) => _door.Notify();

    /// <inheritdoc/>
    public override bool AsksToBeWoken(Kring ring) => _door.AsksToBeWoken();

    /// <inheritdoc/>
    public override bool TryAskForSpace(Kring ring)
    {
        if (!_door.TryArmKick())
        {
            return false;
        }

        ring.Counters.Sleeps++;
        return true;
    }

    /// <inheritdoc/>
    public override void RunPass()
    {
        // Slots that come back are fetched by the senders, when they need them.
    }

    internal override void PullBeforeSleep() => Pull();

    internal override void Start()
    {
        _door.Start();
        Ring.SetClient(this);
    }

    internal override bool OnKick(bool maySpin)
    {
        if (Kick.TryConsume())
        {
            Disarm();
            Pull();
        }

        return false;
    }

    private void Disarm()
    {
        Mark.Begin();
        if (Ring.Client == this)
        {
            Ring.Counters.Kicks++;
            _door.DisarmKick();
        }

        Mark.End();
    }

    // Each feeder has a pass of its own, with its own mark; what can fail here is the port's looking for them.
    private void Pull()
    {
        if (Failure is not null)
        {
            return;
        }

        try
        {
            Port.PullFeeders(Ring);
        }
#pragma warning disable CA1031 // Whatever it was, it is told with the ring's name.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Fail(failure);
        }
    }
}
