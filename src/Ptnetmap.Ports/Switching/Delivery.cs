using Ptnetmap.Memory;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Ports.Switching;

/// <summary>The second half of a batch: copies a destination's queue into its receive ring. Which way depends on what
/// stands before the frames in either ring, and on whether each fits into a buffer as it is. A receiver is notified
/// also when it had no space: it may sleep over a full ring, and nothing else would wake it.</summary>
internal static class Delivery
{
    /// <summary>Delivers a queue of <paramref name="batch"/>.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="rx">The receiver's ring.</param>
    /// <param name="queue">The queue; on return what is left of it: what waits for space.</param>
    /// <param name="headerLength">Bytes of virtio-net header before each frame in the receiver's ring.</param>
    /// <returns>True when the receiver is to be notified: it was shown something new, or is full.</returns>
    public static bool Deliver(SlotBatch batch, Kring rx, ref DestinationQueue queue, uint headerLength)
    {
        if (headerLength == batch.HeaderLength)
        {
            return IsPlain(batch, rx, in queue)
                ? DeliverPlain(batch, rx, ref queue, default(NoSeal))
                : ShapedDelivery.Deliver(batch, rx, ref queue, new OneToOneShape(headerLength));
        }

        var reframed = new ReframedShape(batch.HeaderLength, headerLength);
        return headerLength == 0
            ? OffloadDelivery.Deliver(batch, rx, ref queue, reframed, vlans: null)
            : ShapedDelivery.Deliver(batch, rx, ref queue, reframed);
    }

    /// <summary>The common case: packets of one slot for a receiver whose buffers are at least as large as the
    /// sender's.</summary>
    internal static bool IsPlain(SlotBatch batch, Kring rx, in DestinationQueue queue) =>
        queue.IsPlain && rx.Buffers.BufferSize >= batch.Tx.Buffers.BufferSize;

    /// <summary>Delivers a queue that <see cref="IsPlain"/>.</summary>
    internal static bool DeliverPlain<TSeal>(SlotBatch batch, Kring rx, ref DestinationQueue queue, TSeal seal)
        where TSeal : struct, ISlotSeal
    {
        DestinationQueue all = queue;
        queue = default;
        var demand = new PlainDemand((uint)all.Slots);
        if (!ReceiveClaim.TryTake(rx, ref demand, batch.Patience, out ReceiveClaim claim))
        {
            batch.Drop(DropReason.NoReceiver, all.Packets);
            return false;
        }

        if (demand.Missed != 0)
        {
            queue = LeaveRest(batch, all, claim);
            if (claim.Slots == 0)
            {
                return true;
            }
        }

        int spoiled = Copy(batch, rx, all, claim, seal, out long bytes);
        if (spoiled != 0)
        {
            batch.Drop(DropReason.BadReceiverSlot, spoiled);
        }

        long good = claim.Slots - spoiled;
        return claim.HandOver(rx, good, spoiled, bytes - (good * batch.HeaderLength));
    }

    // What was not claimed for waits, or is dropped.
    private static DestinationQueue LeaveRest(SlotBatch batch, DestinationQueue queue, ReceiveClaim claim)
    {
        if (claim.Wait == 0)
        {
            batch.Drop(DropReason.NoSpace, queue.Slots - claim.Slots);
            return default;
        }

        int run = queue.First;
        int done = queue.Done + (int)claim.Slots;
        while (done >= batch.RunAt(run).Slots)
        {
            done -= batch.RunAt(run).Slots;
            run = batch.RunAt(run).Next;
        }

        return batch.WaitFrom(run, done, needed: 1, claim.Wait);
    }

    private static int Copy<TSeal>(SlotBatch batch, Kring rx, DestinationQueue queue, ReceiveClaim claim, TSeal seal,
        out long bytes)
        where TSeal : struct, ISlotSeal
    {
        ReadOnlySpan<SlotWord> words = batch.Words;
        BufferPoolView from = batch.Tx.Buffers;
        uint at = claim.Start;
        uint left = claim.Slots;
        int spoiled = 0;
        int done = queue.Done;
        bytes = 0;
        for (int index = queue.First; left != 0; index = batch.RunAt(index).Next, done = 0)
        {
            ref readonly PacketRun run = ref batch.RunAt(index);
            ReadOnlySpan<SlotWord> source =
                words.Slice(run.Start + done, (int)Math.Min(left, (uint)(run.Slots - done)));
            spoiled += SlotCopy.Copy(source, from, rx, at, ref bytes);
            seal.Put(rx, at, source.Length, run.Vlan);
            left -= (uint)source.Length;
            at = rx.Ring.Advance(at, (uint)source.Length);
        }

        return spoiled;
    }

    private readonly struct NoSeal : ISlotSeal
    {
        public void Put(Kring rx, uint at, int slots, FrameVlan vlan)
        {
        }
    }

    // As many slots as there are; each is a packet.
    private struct PlainDemand(uint wanted) : IReceiveDemand
    {
        public long Missed { readonly get; private set; }

        public uint SlotsOf(uint free)
        {
            uint slots = Math.Min(wanted, free);
            Missed = wanted - slots;
            return slots;
        }
    }
}
