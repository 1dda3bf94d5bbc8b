using System.Diagnostics;
using Ptnetmap.Linux;
using Ptnetmap.Ports;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Passthrough;

/// <summary>The pass of a guest's transmit ring: takes what the guest handed over, has the port deliver it, and shows
/// both sides how far it got.</summary>
internal sealed class TxPass(Port port, CsbDoor door) : RingPass(port, door.Ring)
{
    internal override SyncStatus Deliver(uint budget, ref uint moved)
    {
        SyncStatus status;
        do
        {
            door.Fetch(Ring);
            if (Ring.Pending == 0)
            {
                return Reclaim();
            }

            door.KeepDisarmed();
            uint hwcur = Ring.HwCur;
            status = Port.TxSync(Ring, Math.Min(SyncLoop.Chunk, budget - moved));
            uint slots = Ring.Ring.Distance(hwcur, Ring.HwCur);
            Debug.Assert(slots <= Ring.Ring.Distance(hwcur, Ring.Head), "a port sends no more than was handed over");
            if (slots == 0)
            {
                return status;
            }

            door.Publish(Ring);
            moved += slots;
        }
        while (status != SyncStatus.Blocked && moved < budget);
        return status;
    }

    internal override void NotifySides(bool hasMoved)
    {
        Port.NotifyReceivers(Ring);
        if (hasMoved)
        {
            door.Notify(Ring);
        }
    }

    internal override bool SpinForNews(long nanoseconds)
    {
        long until = LinuxThread.MonotonicNanoseconds + nanoseconds;
        do
        {
            door.Fetch(Ring);
            if (Ring.Pending != 0)
            {
                return true;
            }

            Thread.SpinWait(4);
        }
        while (LinuxThread.MonotonicNanoseconds < until);
        return false;
    }

    internal override bool TryAskForPackets() => door.TryKeepArmed(ref Ring.Counters.Sleeps);

    // Nothing to send, but what was sent before may have come back from the wire: the guest may be waiting for that.
    private SyncStatus Reclaim()
    {
        uint tail = Ring.HwTail;
        SyncStatus status = Port.Reclaim(Ring);
        if (Ring.HwTail != tail)
        {
            door.Publish(Ring);
            door.Notify(Ring);
        }

        return status;
    }
}
