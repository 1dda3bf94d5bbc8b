using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Ports.Switching;

/// <summary>Delivers packets that do not fit into the receiver's slots as they are: they have several slots, its
/// buffers are smaller than the sender's, or something else stands before its frames.</summary>
internal static class ShapedDelivery
{
    /// <summary>Delivers a queue to <paramref name="rx"/>.</summary>
    /// <param name="batch">Where the packets come from.</param>
    /// <param name="rx">The receiver's ring.</param>
    /// <param name="queue">The queue; on return what waits for space.</param>
    /// <param name="shape">How they are laid into slots.</param>
    /// <returns>True when the receiver is to be notified: it was shown something new, or is full.</returns>
    public static bool Deliver<TShape>(SlotBatch batch, Kring rx, ref DestinationQueue queue, TShape shape)
        where TShape : struct, IPacketShape
    {
        var walk = new PacketWalk(batch, in queue);
        bool shown = Deliver(batch, rx, walk, queue.Packets, shape, out queue);
        return shown;
    }

    /// <summary>Delivers packets to <paramref name="rx"/>.</summary>
    /// <param name="batch">Where they come from.</param>
    /// <param name="rx">The receiver's ring.</param>
    /// <param name="walk">Stands before the first packet.</param>
    /// <param name="packets">How many, at least one.</param>
    /// <param name="shape">How they are laid into slots.</param>
    /// <param name="rest">Empty; else what waits for space, to the end of the queue that they are of.</param>
    /// <returns>True when the receiver is to be notified: it was shown something new, or is full.</returns>
    public static bool Deliver<TShape>(SlotBatch batch, Kring rx, PacketWalk walk, int packets, TShape shape,
        out DestinationQueue rest)
        where TShape : struct, IPacketShape
    {
        rest = default;
        var demand = new ShapedDemand<TShape>(walk, packets, shape, rx);
        if (!ReceiveClaim.TryTake(rx, ref demand, batch.Patience, out ReceiveClaim claim))
        {
            batch.Drop(DropReason.NoReceiver, packets);
            return false;
        }

        if (claim.Wait != 0)
        {
            batch.Drop(DropReason.Oversize, demand.OversizeBefore);
            PacketWalk waits = Behind(walk, demand.Taken + demand.OversizeBefore);
            rest = batch.WaitFrom(waits.Run, waits.Done, demand.Needed, claim.Wait);
        }
        else
        {
            batch.Drop(DropReason.Oversize, demand.Oversize);
            batch.Drop(DropReason.NoSpace, demand.Missed);
        }

        if (demand.Taken == 0)
        {
            return demand.Missed != 0;
        }

        int good = Lay(batch, rx, walk, shape, demand.Taken, claim.Start, out long bytes);
        batch.Drop(DropReason.BadReceiverSlot, demand.Taken - good);
        return claim.HandOver(rx, good, demand.Taken - good, bytes);
    }

    private static PacketWalk Behind(PacketWalk walk, int packets)
    {
        while (packets-- > 0 && walk.MoveNext())
        {
        }

        return walk;
    }

    // The same walk as in the measuring, over the same private copies of the slots: it finds the same packets.
    private static int Lay<TShape>(
        SlotBatch batch, Kring rx, PacketWalk walk, TShape shape, int packets, uint start, out long bytes)
        where TShape : struct, IPacketShape
    {
        var writer = new FrameWriter(rx, start);
        uint longest = ShapedDemand<TShape>.LongestOf(rx);
        int laid = 0;
        int good = 0;
        bytes = 0;
        while (laid < packets && walk.MoveNext())
        {
            uint slots = shape.SlotsFor(walk.Current, walk.Vlan, rx.Buffers.BufferSize);
            if (slots > longest)
            {
                continue;
            }

            writer.Begin(slots);
            long length = shape.Lay(ref writer, walk.Current, walk.Vlan, batch.Tx.Buffers);
            bool arrived = writer.End();
            good += arrived ? 1 : 0;
            bytes += arrived ? length : 0;
            laid++;
        }

        return good;
    }
}
