using System.Diagnostics;
using Ptnetmap.Ports;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Passthrough;

/// <summary>The pass of one direction of a <see cref="Splice"/>: what arrives on a receive ring of one port is sent on
/// a transmit ring of another, by swapping the slots' buffers. The pass is the transmit ring's; its user does not come
/// by itself, as there is no guest, and who takes from the other port may be none either, and never look before it
/// sleeps.</summary>
internal sealed class SplicePass(Port from, Port to, SpliceUser user) : RingPass(to, user.Sending)
{
    private readonly Kring _rx = user.Receiving;

    internal override RxSource? Source { get; } = from.SourceOf(user.Receiving);

    internal override Kring Arriving => _rx;

    internal override bool UserAssists => false;

    private uint Available => _rx.Ring.Distance(user.Head, Source is null ? user.Tail : _rx.HwTail);

    private uint Space => Ring.Ring.Distance(Ring.Head, Ring.HwTail);

    internal override SyncStatus Deliver(uint budget, ref uint moved)
    {
        user.Wake();
        while (moved < budget)
        {
            uint chunk = Math.Min(SyncLoop.Chunk, budget - moved);
            SyncStatus arrived = Receive(chunk);
            uint taken = Swap(Math.Min(chunk, Math.Min(Available, MakeSpace())));
            SyncStatus left = Send(out uint sent);
            moved += Math.Max(taken, sent);
            if (taken == 0 && sent == 0)
            {
                bool stuck = left == SyncStatus.Blocked || Available != 0;
                return stuck ? SyncStatus.Blocked : arrived;
            }
        }

        return SyncStatus.More;
    }

    internal override void NotifySides(bool hasMoved)
    {
        Port.NotifyReceivers(Ring);
        if (user.TakeFeederWaits())
        {
            from.PullFeeders(_rx);
        }
    }

    // As a guest that is about to sleep for want of packets: first what waits for us is brought, then we ask to be
    // told.
    internal override bool TryAskForPackets()
    {
        from.PullFeeders(_rx);
        user.Sleep();
        if (Available != 0)
        {
            user.Wake();
            return false;
        }

        Ring.Counters.Sleeps++;
        return true;
    }

    private SyncStatus Receive(uint budget)
    {
        if (Source is not { } source)
        {
            return SyncStatus.Dry;
        }

        user.Fetch(_rx);
        return source.RxSync(_rx, budget);
    }

    // A NIC may have sent by now what it took before.
    private uint MakeSpace()
    {
        if (Space == 0 && Ring.Pending == 0)
        {
            _ = Port.Reclaim(Ring);
        }

        return Space;
    }

    private SyncStatus Send(out uint sent)
    {
        sent = 0;
        if (Ring.Pending == 0)
        {
            return SyncStatus.Dry;
        }

        uint before = Ring.HwCur;
        SyncStatus status = Port.TxSync(Ring, SyncLoop.Chunk);
        sent = Ring.Ring.Distance(before, Ring.HwCur);
        Debug.Assert(sent <= Ring.Ring.Distance(before, Ring.Head), "a port sends no more than was handed over");
        return status;
    }

    // The slots' contents are checked where they are used: by the port that sends them. The high byte of a received
    // slot is a number of fragments; in a slot to send it would be a destination.
    private uint Swap(uint count)
    {
        Debug.Assert(count <= Available && count <= Space, "only what has arrived is swapped, and into free slots");
        uint at = user.Head;
        uint into = Ring.Head;
        for (uint left = count; left != 0;)
        {
            Span<NetmapSlot> source = _rx.Ring.Run(at, left);
            Span<NetmapSlot> target = Ring.Ring.Run(into, (uint)source.Length);
            for (int i = 0; i < target.Length; i++)
            {
                SlotWord full = source[i].Word;
                SlotWord empty = target[i].Word;
                SlotFlags flags = (full.Flags & SlotFlags.MoreFragments) | SlotFlags.BufferChanged;
                target[i].Word = new SlotWord(full.BufferIndex, full.Length, flags);
                source[i].Word = new SlotWord(empty.BufferIndex, 0, SlotFlags.BufferChanged);
            }

            at = _rx.Ring.Advance(at, (uint)target.Length);
            into = Ring.Ring.Advance(into, (uint)target.Length);
            left -= (uint)target.Length;
        }

        if (count != 0)
        {
            user.MoveTo(at);
            bool isLetIn = Ring.TryAdvance(into, into);
            Debug.Assert(isLetIn, "the pointers are our own");
        }

        return count;
    }
}
