using System.Diagnostics;
using Ptnetmap.Ports;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Passthrough;

/// <summary>The pass of a guest's receive ring whose packets come from outside (a NIC, a TAP interface): takes what has arrived and
/// shows it to the guest. Asleep, the ring waits for the source's descriptor; when the guest has no free slot, for the guest's
/// kick.</summary>
internal sealed class RxSourcePass : RingPass
{
    private readonly CsbDoor _door;
    private readonly RxSource _source;

    internal RxSourcePass(Port port, RxSource source, CsbDoor door) : base(port, door.Ring)
    {
        _door = door;
        _source = source;
        Source = source;
    }

    internal override Kring? Stopper => Ring;

    internal override long RetryNanoseconds => 0;

    internal override bool IsStarved => _source.IsStarved;

    internal override SyncStatus Deliver(uint budget, ref uint moved)
    {
        SyncStatus status;
        do
        {
            _door.Fetch(Ring);
            uint tail = Ring.HwTail;
            uint asked = Math.Min(SyncLoop.Chunk, budget - moved);
            status = _source.RxSync(Ring, asked);
            uint slots = Ring.Ring.Distance(tail, Ring.HwTail);
            Debug.Assert(slots <= asked, "a source brings no more than it is asked for");
            if (slots == 0)
            {
                return status;
            }

            _door.KeepDisarmed();
            _door.Publish(Ring);
            moved += slots;
        }
        while (status == SyncStatus.More && moved < budget);
        return status;
    }

    internal override void NotifySides() => _door.Notify(Ring);

    internal override bool TryAskForSpace(bool isFirst) => _door.TryKeepArmed(ref Ring.Counters.Stalls);
}
