using Ptnetmap.Memory;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Ports.Switching;

/// <summary>The second half of a batch: copies each destination's queue into its receive ring. Here the common case,
/// packets of one slot for a receiver whose buffers are at least as large as the sender's. A receiver is notified also when
/// it had no space: it may sleep over a full ring, and nothing else would wake it.</summary>
internal static class Delivery
{
    private const SlotFlags OneFragment = (SlotFlags)(1 << 8);

    // Far enough ahead that the receiver's line is here when it is written; not so far that it is gone again.
    private const int PrefetchDistance = 12;

    /// <summary>Delivers all queues of <paramref name="pass"/>; they are empty afterwards.</summary>
    public static void Deliver(ValePass pass)
    {
        while (pass.TryTakeQueue(out int number, out DestinationQueue queue))
        {
            ValePort receiver = pass.Ports[number]!;
            Kring rx = receiver.ReceiveRingFor(pass.Tx);
            if (Deliver(pass, rx, in queue, (uint)receiver.VnetHeaderLength))
            {
                pass.Delivered.Add(number);
            }
        }
    }

    private static bool Deliver(ValePass pass, Kring rx, in DestinationQueue queue, uint headerLength)
    {
        if (headerLength != pass.HeaderLength)
        {
            return headerLength == 0
                ? OffloadDelivery.Deliver(pass, rx, in queue)
                : ReframeDelivery.Deliver(pass, rx, new PacketWalk(pass, in queue), queue.Packets, headerLength);
        }

        return queue.IsPlain && rx.Buffers.BufferSize >= pass.Tx.Buffers.BufferSize
            ? DeliverPlain(pass, rx, in queue)
            : FragmentDelivery.Deliver(pass, rx, in queue);
    }

    private static bool DeliverPlain(ValePass pass, Kring rx, in DestinationQueue queue)
    {
        if (!TryClaim(rx, (uint)queue.Slots, out ReceiveClaim claim))
        {
            pass.Drop(DropReason.NoReceiver, queue.Packets);
            return false;
        }

        if (claim.Slots < (uint)queue.Slots)
        {
            pass.Drop(DropReason.NoSpace, queue.Packets - claim.Slots);
            if (claim.Slots == 0)
            {
                return true;
            }
        }

        int bad = Copy(pass, rx, queue.First, claim, out long bytes);
        if (bad != 0)
        {
            pass.Drop(DropReason.BadReceiverSlot, bad);
        }

        long good = claim.Slots - bad;
        return claim.HandOver(rx, good, bad, bytes - (good * pass.HeaderLength));
    }

    private static bool TryClaim(Kring rx, uint wanted, out ReceiveClaim claim)
    {
        claim = default;
        rx.Lock.Enter();
        try
        {
            RingClient? client = rx.Client;
            if (client is null)
            {
                return false;
            }

            client.Fetch(rx);
            uint slots = Math.Min(wanted, rx.Free);
            rx.Counters.Missed += wanted - slots;
            if (slots != 0)
            {
                uint start = rx.Claimed;
                claim = new ReceiveClaim(start, slots, rx.Lease(slots));
            }

            return true;
        }
        finally
        {
            rx.Lock.Exit();
        }
    }

    private static int Copy(ValePass pass, Kring rx, int firstRun, ReceiveClaim claim, out long bytes)
    {
        ReadOnlySpan<SlotWord> words = pass.Words;
        BufferPoolView from = pass.Tx.Buffers;
        uint at = claim.Start;
        uint left = claim.Slots;
        int bad = 0;
        bytes = 0;
        for (int index = firstRun; left != 0; index = pass.RunAt(index).Next)
        {
            ref readonly PacketRun run = ref pass.RunAt(index);
            ReadOnlySpan<SlotWord> source = words.Slice(run.Start, (int)Math.Min(left, (uint)run.Slots));
            left -= (uint)source.Length;
            while (!source.IsEmpty)
            {
                Span<NetmapSlot> target = rx.Ring.Run(at, (uint)source.Length);
                bad += CopyRun(source[..target.Length], target, from, rx.Buffers, ref bytes);
                at = rx.Ring.Advance(at, (uint)target.Length);
                source = source[target.Length..];
            }
        }

        return bad;
    }

    // Short frames and others take turns in two loops: one with a call in it would spill what the short ones need.
    private static int CopyRun(
        ReadOnlySpan<SlotWord> source, Span<NetmapSlot> target, BufferPoolView from, BufferPoolView to, ref long bytes)
    {
        int bad = 0;
        int done = 0;
        while (done < source.Length)
        {
            int copied = CopyShort(source[done..], target[done..], from, to, ref bytes);
            done += copied;
            if (done < source.Length)
            {
                done += CopyOther(source[done..], target[done..], from, to, ref bytes, ref bad);
            }
        }

        return bad;
    }

    // Copies up to the first frame that is not short, or whose receive slot is spoiled.
    private static int CopyShort(
        ReadOnlySpan<SlotWord> source, Span<NetmapSlot> target, BufferPoolView from, BufferPoolView to, ref long bytes)
    {
        long copied = 0;
        int i = 0;
        for (; i < source.Length && i < target.Length; i++)
        {
            int ahead = i + PrefetchDistance;
            if (ahead < target.Length)
            {
                to.Prefetch(target[ahead].BufferIndex);
            }

            SlotWord word = source[i];
            uint index = target[i].BufferIndex;
            if (!PacketCopy.IsShort(word.Length) || !to.IsValid(index))
            {
                break;
            }

            PacketCopy.CopyShort(from, word.BufferIndex, to, index, word.Length);
            target[i].Word = new SlotWord(index, word.Length, OneFragment);
            copied += word.Length;
        }

        bytes += copied;
        return i;
    }

    // Copies one frame at least, and on to the next short one. A receiver that overwrote the index of a slot that was not
    // its own gets an empty slot there: the others' order stays, and no other memory is touched.
    private static int CopyOther(
        ReadOnlySpan<SlotWord> source,
        Span<NetmapSlot> target,
        BufferPoolView from,
        BufferPoolView to,
        ref long bytes,
        ref int bad)
    {
        int i = 0;
        do
        {
            int ahead = i + PrefetchDistance;
            if (ahead < target.Length)
            {
                to.Prefetch(target[ahead].BufferIndex);
            }

            SlotWord word = source[i];
            uint index = target[i].BufferIndex;
            if (to.IsValid(index))
            {
                PacketCopy.Copy(from, word.BufferIndex, to, index, word.Length);
                target[i].Word = new SlotWord(index, word.Length, OneFragment);
                bytes += word.Length;
            }
            else
            {
                target[i].Word = new SlotWord(index, 0, OneFragment);
                bad++;
            }

            i++;
        }
        while (i < source.Length && i < target.Length && !PacketCopy.IsShort(source[i].Length));
        return i;
    }
}
