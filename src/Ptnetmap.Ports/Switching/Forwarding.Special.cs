using Ptnetmap.Memory;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Ports.Switching;

/// <content>The careful loop: one packet at a time, of any number of slots, with any flags, or with faults.</content>
internal sealed partial class Forwarding<TLookup>
{
    // Returns the index after the packet, or the packet's own when its end is not there yet.
    private int SortSpecial(ValePass pass, int start)
    {
        SlotBatch batch = pass.Batch;
        int slots = CountSlots(batch.Words[start..], out bool ended);
        if (slots > NetmapAbi.MaxFragments || (!ended && FillsRing(batch, start)))
        {
            batch.Drop(DropReason.TooManyFragments);
            batch.IsSkipping = !ended;
            return start + slots;
        }

        if (!ended)
        {
            return start;
        }

        ReadOnlySpan<SlotWord> packet = batch.Words.Slice(start, slots);
        if (Refusal(batch.Tx.Buffers, packet, batch.HeaderLength, out long bytes) is { } reason)
        {
            batch.Drop(reason);
            return start + slots;
        }

        var run = new PacketRun { Start = start, Slots = slots, Packets = 1 };
        QueueSpecial(pass, packet[0], run, bytes);
        return start + slots;
    }

    private void QueueSpecial(ValePass pass, SlotWord first, PacketRun run, long bytes)
    {
        EthernetHead head = PacketCopy.ReadHead(pass.Batch.Tx.Buffers, first.BufferIndex, pass.Batch.HeaderLength);
        if (TLookup.HasVlans && head.EtherType == Ethernet.CustomerTag
            && first.Length < pass.Batch.HeaderLength + ShortestFrame)
        {
            pass.Batch.Drop(DropReason.Runt);
            return;
        }

        int source = pass.Source.Number;
        ForwardingDecision decision =
            _lookup.From(pass.Source).Decide(head, source, learn: !first.Has(SlotFlags.NoLearn));
        int forced = first.HighByte;
        if (forced != 0 && !decision.IsDiscard)
        {
            bool reachable = pass.Ports[forced] is { } port && _lookup.Admits(decision, port);
            decision = reachable
                ? ForwardingDecision.To(forced, decision.Vlan)
                : ForwardingDecision.Discard(DropReason.NoDestination);
        }

        Queue(pass, decision, run, bytes);
    }

    // A packet that does not end in the whole ring never will: the user has no slot left to end it with.
    private static bool FillsRing(SlotBatch batch, int start) =>
        start == 0 && batch.Words.Length == (int)batch.Tx.SlotCount - 1;

    private static int CountSlots(ReadOnlySpan<SlotWord> words, out bool ended)
    {
        ended = true;
        for (int i = 0; i < words.Length; i++)
        {
            if (!words[i].Has(SlotFlags.MoreFragments))
            {
                return i + 1;
            }
        }

        ended = false;
        return words.Length;
    }

    private static int SkipRest(SlotBatch batch)
    {
        int slots = CountSlots(batch.Words, out bool ended);
        batch.IsSkipping = !ended;
        return slots;
    }

    // The virtio-net header has to be in one piece with the Ethernet header: upstream's Linux driver cannot take one
    // that is not, and a sender is not to bring its neighbour's kernel down.
    private static DropReason? Refusal(
        BufferPoolView buffers, ReadOnlySpan<SlotWord> packet, uint headerLength, out long bytes)
    {
        bytes = -headerLength;
        foreach (SlotWord word in packet)
        {
            if (word.Has(SlotFlags.Indirect))
            {
                return DropReason.UnsupportedFlag;
            }

            if (!buffers.IsValid(word.BufferIndex))
            {
                return DropReason.BadBufferIndex;
            }

            if (word.Length > buffers.BufferSize)
            {
                return DropReason.BadLength;
            }

            bytes += word.Length;
        }

        return packet[0].Length >= headerLength + Ethernet.HeaderLength ? null
            : headerLength != 0 && bytes >= Ethernet.HeaderLength ? DropReason.BadOffload
            : DropReason.Runt;
    }
}
