using System.Diagnostics;
using Ptnetmap.Ports;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Passthrough;

/// <summary>The pass of a guest's receive ring whose packets come from outside (a NIC, a TAP interface): takes what has
/// arrived and shows it to the guest. Asleep, the ring waits for the source's descriptor; when the guest has no free
/// slot, for the guest's kick.</summary>
internal sealed class RxSourcePass(Port port, RxSource source, CsbDoor door) : RingPass(port, door.Ring)
{
    internal override RxSource Source => source;

    internal override Kring? Stopper => Ring;

    internal override long RetryNanoseconds => 0;

    internal override bool IsStarved => source.IsStarved;

    internal override SyncStatus Deliver(uint budget, ref uint moved)
    {
        SyncStatus status;
        do
        {
            door.Fetch(Ring);
            uint tail = Ring.HwTail;
            status = source.RxSync(Ring, Math.Min(SyncLoop.Chunk, budget - moved));
            uint slots = Ring.Ring.Distance(tail, Ring.HwTail);
            Debug.Assert(slots < Ring.SlotCount - Ring.Ring.Distance(Ring.Head, tail),
                "a source fills no more than was given back");
            if (slots == 0)
            {
                return status;
            }

            door.KeepDisarmed();
            door.Publish(Ring);
            moved += slots;
        }
        while (status == SyncStatus.More && moved < budget);
        return status;
    }

    internal override void NotifySides(bool hasMoved)
    {
        if (hasMoved)
        {
            door.Notify(Ring);
        }
    }

    internal override bool TryAskForSpace(bool isFirst) => door.TryKeepArmed(ref Ring.Counters.Stalls);
}
