using System.Diagnostics;
using Ptnetmap.Memory;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Ports.Pipes;

/// <summary>Moves packets from a transmit ring into a receive ring of the same region by swapping their
/// buffers.</summary>
public static class SlotSwap
{
    private const ulong Changed = (ulong)SlotFlags.BufferChanged << 48;

    /// <summary>Swaps up to <paramref name="wanted"/> pending slots of <paramref name="tx"/> into free slots of
    /// <paramref name="rx"/>; the caller holds both. Slots that break the rules are dropped and counted. A packet of
    /// several slots is shown to the receiver when its last one is there.</summary>
    /// <param name="tx">The sender's ring.</param>
    /// <param name="rx">The receiver's ring.</param>
    /// <param name="wanted">At most the sender's pending slots.</param>
    /// <param name="complete">True when the receiver's tail has moved.</param>
    /// <returns>Slots taken from the sender.</returns>
    public static uint Move(Kring tx, Kring rx, uint wanted, out bool complete)
    {
        Debug.Assert(wanted <= tx.Pending && rx.Lock.IsHeld,
            "the caller holds both rings, and what it moves was handed over");
        Debug.Assert(tx.Buffers.IsSameAs(rx.Buffers), "both ends lie in one region: their buffers can change places");
        uint taken = 0;
        uint tailBefore = rx.HwTail;
        while (taken < wanted)
        {
            Span<NetmapSlot> source = tx.Ring.Run(tx.HwCur, wanted - taken);
            Span<NetmapSlot> target = rx.Ring.Run(rx.Claimed, rx.Free);
            int count = Math.Min(source.Length, target.Length);
            if (count == 0)
            {
                break;
            }

            int swapped = SwapWhole(source[..count], target[..count], tx.Buffers, out long bytes);
            tx.Complete((uint)swapped);
            Account(tx, rx, (uint)swapped, (uint)swapped, bytes);
            taken += (uint)swapped;
            if (swapped < count)
            {
                taken += MoveOne(tx, rx, ref source[swapped], ref target[swapped]) ? 1u : 0u;
            }
        }

        complete = rx.HwTail != tailBefore;
        return taken;
    }

    // The fast path: packets of one slot, all in order. Stops at the first slot that is anything else. Each slot is
    // read once, as one word; what was checked is what is stored.
    private static int SwapWhole(
        Span<NetmapSlot> source, Span<NetmapSlot> target, BufferPoolView buffers, out long bytes)
    {
        const ulong Special = (ulong)(SlotFlags.MoreFragments | SlotFlags.Indirect) << 48;
        bytes = 0;
        for (int i = 0; i < source.Length && i < target.Length; i++)
        {
            SlotWord from = source[i].Word;
            SlotWord to = target[i].Word;
            if (!buffers.IsValid(from) || !buffers.IsValid(to.BufferIndex) || (from.Value & Special) != 0)
            {
                return i;
            }

            target[i].Word = new SlotWord(from.Value | Changed);
            source[i].Word = from.WithBuffer(to.BufferIndex);
            bytes += from.Length;
        }

        return source.Length;
    }

    // The slow path, one slot: a fragment, or one that breaks a rule. False when the sender's slot is still to be
    // moved: the receiver overwrote the index of a slot that was not its own, gets it back empty, and the packet goes
    // into the next one. So nothing is lost even then.
    private static bool MoveOne(Kring tx, Kring rx, ref NetmapSlot source, ref NetmapSlot target)
    {
        SlotWord from = source.Word;
        SlotWord to = target.Word;
        if (!rx.Buffers.IsValid(to.BufferIndex))
        {
            target.Word = new SlotWord(to.BufferIndex, 0, SlotFlags.None);
            rx.Fill(1, rx.Ring.Distance(rx.HwTail, rx.Claimed) + 1);
            rx.Counters.AddSpoiled(1);
            return false;
        }

        tx.Complete(1);
        if (Refusal(tx.Buffers, from) is { } reason)
        {
            tx.Counters.Drops.Add(reason);
            return true;
        }

        target.Word = new SlotWord(from.Value | Changed);
        source.Word = from.WithBuffer(to.BufferIndex);
        bool last = !from.Has(SlotFlags.MoreFragments);
        rx.Fill(1, last ? rx.Ring.Distance(rx.HwTail, rx.Claimed) + 1 : 0);
        tx.Counters.Packets += last ? 1 : 0;
        rx.Counters.Packets += last ? 1 : 0;
        tx.Counters.Bytes += from.Length;
        rx.Counters.Bytes += from.Length;
        return true;
    }

    private static DropReason? Refusal(BufferPoolView buffers, SlotWord from) =>
        !buffers.IsValid(from.BufferIndex) ? DropReason.BadBufferIndex
        : from.Length > buffers.BufferSize ? DropReason.BadLength
        : from.Has(SlotFlags.Indirect) ? DropReason.UnsupportedFlag
        : null;

    private static void Account(Kring tx, Kring rx, uint slots, uint packets, long bytes)
    {
        uint whole = slots == 0 ? 0 : rx.Ring.Distance(rx.HwTail, rx.Claimed) + slots;
        rx.Fill(slots, whole);
        tx.Counters.Packets += packets;
        rx.Counters.Packets += packets;
        tx.Counters.Bytes += bytes;
        rx.Counters.Bytes += bytes;
    }
}
