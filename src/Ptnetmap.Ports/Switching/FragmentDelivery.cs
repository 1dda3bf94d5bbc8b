using Ptnetmap.Memory;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Ports.Switching;

/// <summary>Delivers packets of several slots, or to a receiver with smaller buffers than the sender's.</summary>
internal static class FragmentDelivery
{
    /// <summary>Delivers <paramref name="queue"/> to <paramref name="rx"/>.</summary>
    /// <returns>True when the receiver is to be notified: it was shown something new, or is full.</returns>
    public static bool Deliver(ValePass pass, Kring rx, in DestinationQueue queue)
    {
        var walk = new PacketWalk(pass, in queue);
        if (!FragmentFit.TryClaim(rx, walk, queue.Packets, default(OneToOne), out FragmentFit fit, out ReceiveClaim claim))
        {
            pass.Drop(DropReason.NoReceiver, queue.Packets);
            return false;
        }

        pass.Drop(DropReason.Oversize, fit.Oversize);
        int missed = queue.Packets - fit.Packets - fit.Oversize;
        pass.Drop(DropReason.NoSpace, missed);
        if (fit.Packets == 0)
        {
            return missed != 0;
        }

        int good = Copy(pass, rx, walk, fit, claim, out long bytes);
        pass.Drop(DropReason.BadReceiverSlot, fit.Packets - good);
        return claim.HandOver(rx, good, fit.Packets - good, bytes - (good * pass.HeaderLength));
    }

    // The same walk as in the measuring, over the same private copies of the slots: it finds the same packets.
    private static int Copy(
        ValePass pass, Kring rx, PacketWalk walk, FragmentFit fit, ReceiveClaim claim, out long bytes)
    {
        uint at = claim.Start;
        int copied = 0;
        int good = 0;
        bytes = 0;
        while (copied < fit.Packets && walk.MoveNext())
        {
            uint slots = default(OneToOne).SlotsFor(walk.Current, rx.Buffers.BufferSize);
            if (slots > ValePass.MaxFragments)
            {
                continue;
            }

            if (TryCopyPacket(walk.Current, pass.Tx.Buffers, rx, at, slots, out long length))
            {
                good++;
                bytes += length;
            }
            else
            {
                Blank(rx, at, slots);
            }

            at = rx.Ring.Advance(at, slots);
            copied++;
        }

        return good;
    }

    private static bool TryCopyPacket(
        ReadOnlySpan<SlotWord> packet, BufferPoolView from, Kring rx, uint at, uint slots, out long length)
    {
        uint size = rx.Buffers.BufferSize;
        uint left = slots;
        length = 0;
        foreach (SlotWord word in packet)
        {
            ReadOnlySpan<byte> fragment = from[word.BufferIndex][..word.Length];
            length += word.Length;
            do
            {
                ref NetmapSlot target = ref rx.Ring.Slots[(int)at];
                uint index = target.Word.BufferIndex;
                if (!rx.Buffers.IsValid(index))
                {
                    return false;
                }

                ReadOnlySpan<byte> piece = fragment[..(int)Math.Min((uint)fragment.Length, size)];
                piece.CopyTo(rx.Buffers[index]);
                left--;
                SlotFlags more = left == 0 ? SlotFlags.None : SlotFlags.MoreFragments;
                target.Word = new SlotWord(index, (ushort)piece.Length, (SlotFlags)(slots << 8) | more);
                fragment = fragment[piece.Length..];
                at = rx.Ring.Next(at);
            }
            while (!fragment.IsEmpty);
        }

        return true;
    }

    /// <summary>Empties a packet's slots: what a receiver gets that spoiled one of them (see <c>Delivery.CopyOther</c>).</summary>
    public static void Blank(Kring rx, uint at, uint slots)
    {
        for (uint i = 0; i < slots; i++)
        {
            ref NetmapSlot target = ref rx.Ring.Slots[(int)at];
            target.Word = new SlotWord(target.Word.BufferIndex, 0, (SlotFlags)(1 << 8));
            at = rx.Ring.Next(at);
        }
    }
    // Fragments are copied one to one, but one that is longer than the receiver's buffers goes on in its next slots.
    private readonly struct OneToOne : IPacketShape
    {
        public uint SlotsFor(ReadOnlySpan<SlotWord> packet, uint bufferSize)
        {
            uint slots = 0;
            foreach (SlotWord word in packet)
            {
                slots += word.Length <= bufferSize ? 1 : (word.Length + bufferSize - 1) / bufferSize;
            }

            return slots;
        }
    }
}
