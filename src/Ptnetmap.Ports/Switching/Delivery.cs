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
    /// <param name="queue">The queue.</param>
    /// <param name="headerLength">Bytes of virtio-net header before each frame in the receiver's ring.</param>
    /// <returns>True when the receiver is to be notified: it was shown something new, or is full.</returns>
    public static bool Deliver(SlotBatch batch, Kring rx, in DestinationQueue queue, uint headerLength)
    {
        if (headerLength == batch.HeaderLength)
        {
            return IsPlain(batch, rx, in queue)
                ? DeliverPlain(batch, rx, in queue, default(NoSeal))
                : ShapedDelivery.Deliver(batch, rx, new PacketWalk(batch, in queue), queue.Packets,
                    new OneToOneShape(headerLength));
        }

        return headerLength == 0
            ? OffloadDelivery.Deliver(batch, rx, in queue, new ReframedShape(batch.HeaderLength, headerLength),
                vlans: null)
            : ShapedDelivery.Deliver(
                batch, rx, new PacketWalk(batch, in queue), queue.Packets, new ReframedShape(batch.HeaderLength,
                    headerLength));
    }

    /// <summary>The common case: packets of one slot for a receiver whose buffers are at least as large as the
    /// sender's.</summary>
    internal static bool IsPlain(SlotBatch batch, Kring rx, in DestinationQueue queue) =>
        queue.IsPlain && rx.Buffers.BufferSize >= batch.Tx.Buffers.BufferSize;

    /// <summary>Delivers a queue that <see cref="IsPlain"/>.</summary>
    internal static bool DeliverPlain<TSeal>(SlotBatch batch, Kring rx, in DestinationQueue queue, TSeal seal)
        where TSeal : struct, ISlotSeal
    {
        var demand = new PlainDemand((uint)queue.Slots);
        if (!ReceiveClaim.TryTake(rx, ref demand, out ReceiveClaim claim))
        {
            batch.Drop(DropReason.NoReceiver, queue.Packets);
            return false;
        }

        if (demand.Missed != 0)
        {
            batch.Drop(DropReason.NoSpace, demand.Missed);
            if (claim.Slots == 0)
            {
                return true;
            }
        }

        int spoiled = Copy(batch, rx, queue.First, claim, seal, out long bytes);
        if (spoiled != 0)
        {
            batch.Drop(DropReason.BadReceiverSlot, spoiled);
        }

        long good = claim.Slots - spoiled;
        return claim.HandOver(rx, good, spoiled, bytes - (good * batch.HeaderLength));
    }

    private static int Copy<TSeal>(SlotBatch batch, Kring rx, int firstRun, ReceiveClaim claim, TSeal seal,
        out long bytes)
        where TSeal : struct, ISlotSeal
    {
        ReadOnlySpan<SlotWord> words = batch.Words;
        BufferPoolView from = batch.Tx.Buffers;
        uint at = claim.Start;
        uint left = claim.Slots;
        int spoiled = 0;
        bytes = 0;
        for (int index = firstRun; left != 0; index = batch.RunAt(index).Next)
        {
            ref readonly PacketRun run = ref batch.RunAt(index);
            ReadOnlySpan<SlotWord> source = words.Slice(run.Start, (int)Math.Min(left, (uint)run.Slots));
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
