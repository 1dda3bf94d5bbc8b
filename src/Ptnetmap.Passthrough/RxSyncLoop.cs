using Ptnetmap.Linux;
using Ptnetmap.Ports;

namespace Ptnetmap.Passthrough;

/// <summary>A guest's receive ring that other ports' passes fill; it has work of its own only when one of them stands
/// still for want of space and asked to be told.</summary>
public sealed class RxSyncLoop : ServedRing
{
    private readonly CsbDoor _door;

    internal RxSyncLoop(Port port, CsbDoor door, EventFd kick) : base(port, door.Ring, door, kick) => _door = door;

    /// <summary>The guest gave slots back, or sleeps for want of packets: brings what waits for that. Each feeder has a
    /// pass of its own, with its own mark; what can fail here is the port's looking for them.</summary>
    public override void RunPass()
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

    internal override bool Serve(PassCause cause, Worker by, bool alone)
    {
        if (Kick.TryConsume())
        {
            Mark.Begin();
            if (Ring.Client == this)
            {
                Ring.Counters.Kicks++;
                _door.DisarmKick();
            }

            Mark.End();
            RunPass();
        }

        return false;
    }
}
