using Ptnetmap.Memory;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Ports.Switching;

/// <summary>What passes of a switch do, with its lookup compiled in. A pass works in batches, each in two steps as
/// netmap's <c>nm_vale_preflush</c> and <c>nm_vale_flush</c>: all slots are read, checked, looked up and queued by
/// destination, then each destination's queue is copied at one go.</summary>
/// <typeparam name="TLookup">A struct, so that each lookup gets machine code of its own.</typeparam>
/// <param name="lookup">The lookup.</param>
internal sealed partial class Forwarding<TLookup>(TLookup lookup) : Forwarding
    where TLookup : struct, IForwardingLookup<TLookup>
{
    private const uint MinBatch = NetmapAbi.MaxFragments + 1;

    // What the quick loop leaves to the careful one: a chain, a destination in the high byte, anything unusual.
    private const ulong SpecialFlags =
        ((ulong)(SlotFlags.MoreFragments | SlotFlags.Indirect | SlotFlags.NoLearn) | 0xFF00) << 48;

    private readonly TLookup _lookup = lookup;

    // Of a frame's second word, what a lookup looks at: the rest of the source address, and a tag.
    private static ulong LookedAt => TLookup.HasVlans ? ulong.MaxValue : 0xFFFF_FFFF;

    // A tag that is cut off is the careful loop's.
    private static uint ShortestFrame => Ethernet.HeaderLength + (TLookup.HasVlans ? (uint)Ethernet.TagLength : 0);

    public override SyncStatus Run(ValePass pass, PortSet ports, uint budget, long patience)
    {
        SlotBatch batch = pass.Batch;
        Kring tx = batch.Tx;
        uint taken = pass.Held;
        if (taken != 0 && !pass.TryResume(ports))
        {
            return SyncStatus.Blocked;
        }

        pass.Begin(ports, patience);
        _lookup.BeginPass();
        while (taken < budget && tx.Pending != 0)
        {
            uint room = Math.Clamp(budget - taken, MinBatch, SlotBatch.MostSlots);
            batch.Load(Math.Min(tx.Pending, room));
            int sorted = Sort(pass);
            if (sorted == 0)
            {
                return SyncStatus.Dry;
            }

            if (!pass.TryDeliver(TLookup.HasVlans, sorted))
            {
                return SyncStatus.Blocked;
            }

            tx.Complete((uint)sorted);
            taken += (uint)sorted;
        }

        return tx.Pending == 0 ? SyncStatus.Dry : SyncStatus.More;
    }

    // Queues the batch's packets; returns how many of its slots are dealt with. The rest goes into the next batch: a
    // packet without its end, or what the queues have no room for.
    private int Sort(ValePass pass)
    {
        SlotBatch batch = pass.Batch;
        int slots = batch.Words.Length;
        int at = batch.IsSkipping ? SkipRest(batch) : 0;
        while (at < slots && !batch.IsFull)
        {
            at = batch.HeaderLength == 0 ? SortPlain<NoHeader>(pass, at) : SortPlain<WithHeader>(pass, at);
            if (at < slots && !batch.IsFull)
            {
                int next = SortSpecial(pass, at);
                if (next == at)
                {
                    break;
                }

                at = next;
            }
        }

        return at;
    }

    // The quick loop: packets of one slot and nothing special. Returns where it stopped. The batch is no variable of
    // its own here: one more that lives through the loop costs 0.3 ns a packet.
    private int SortPlain<THeader>(ValePass pass, int from)
        where THeader : struct, IHeader
    {
        uint shortest = THeader.Length + ShortestFrame;
        TLookup own = _lookup.From(pass.Source);
        BufferPoolView buffers = pass.Batch.Tx.Buffers;
        uint longest = buffers.BufferSize - shortest;
        int source = pass.Source.Number;
        ReadOnlySpan<SlotWord> words = pass.Batch.Words;
        ForwardingDecision current = default;
        EthernetHead decided = default;
        int start = from;
        long bytes = 0;
        int i = from;
        for (; i < words.Length; i++)
        {
            SlotWord word = words[i];
            if ((word.Value & SpecialFlags) != 0
                || !buffers.IsValid(word.BufferIndex)
                || word.Length - shortest > longest)
            {
                break;
            }

            // Packets come in trains with the same addresses: what was looked up for one holds for the next ones.
            EthernetHead head = PacketCopy.ReadHead(buffers, word.BufferIndex, THeader.Length);
            if (i != from && head.Low == decided.Low && ((head.High ^ decided.High) & LookedAt) == 0)
            {
                bytes += word.Length - THeader.Length;
                continue;
            }

            decided = head;
            ForwardingDecision decision = own.Decide(head, source, learn: true);
            if (decision != current)
            {
                Queue(pass, current,
                    new PacketRun { Start = start, Slots = i - start, Packets = (ushort)(i - start) }, bytes);
                current = decision;
                start = i;
                bytes = 0;
                if (pass.Batch.IsFull)
                {
                    return i;
                }
            }

            bytes += word.Length - THeader.Length;
        }

        Queue(pass, current, new PacketRun { Start = start, Slots = i - start, Packets = (ushort)(i - start) }, bytes);
        return i;
    }

    private void Queue(ValePass pass, ForwardingDecision decision, PacketRun run, long bytes)
    {
        if (run.Slots == 0)
        {
            return;
        }

        SlotBatch batch = pass.Batch;
        SwitchPort? port = pass.Ports[decision.Port];
        if (TLookup.HasVlans)
        {
            run.Vlan = decision.Vlan;
        }

        int receivers = 1;
        if (port == pass.Source || decision.IsDiscard)
        {
            receivers = 0;
        }
        else if (port is null || !_lookup.Admits(decision, port))
        {
            // Also when the table named a port that has left meanwhile: the address is not known any more.
            run = LimitFlood(pass, run, ref bytes);
            if (run.Slots == 0)
            {
                return;
            }

            receivers = Flood(pass, decision, run);
        }
        else
        {
            batch.Enqueue(decision.Port, run);
        }

        if (receivers == 0)
        {
            batch.Drop(decision.IsDiscard ? decision.Reason : DropReason.NoDestination, run.Packets);
            return;
        }

        batch.Tx.Counters.Packets += run.Packets;
        batch.Tx.Counters.Bytes += bytes;
    }

    // A run of several packets has one slot of each; one packet of several slots is let through whole or not at all.
    private static PacketRun LimitFlood(ValePass pass, PacketRun run, ref long bytes)
    {
        int admitted = pass.Source.Floods.Take(run.Packets);
        if (admitted == run.Packets)
        {
            return run;
        }

        pass.Batch.Drop(DropReason.FloodLimit, run.Packets - admitted);
        foreach (SlotWord word in pass.Batch.Words.Slice(run.Start + admitted, run.Slots - admitted))
        {
            bytes -= word.Length;
        }

        bytes += (run.Packets - admitted) * pass.Batch.HeaderLength;
        return new PacketRun { Start = run.Start, Slots = admitted, Packets = (ushort)admitted, Vlan = run.Vlan };
    }

    private int Flood(ValePass pass, ForwardingDecision decision, PacketRun run)
    {
        int receivers = 0;
        foreach (SwitchPort port in pass.Ports.Members)
        {
            if (port != pass.Source && _lookup.Admits(decision, port))
            {
                pass.Batch.Enqueue(port.Number, run);
                receivers++;
            }
        }

        return receivers;
    }

    // A type each, so that the loop is compiled for each, and costs nothing more for frames without a header.
    private interface IHeader
    {
        public static abstract uint Length { get; }
    }

    private readonly struct NoHeader : IHeader
    {
        public static uint Length => 0;
    }

    private readonly struct WithHeader : IHeader
    {
        public static uint Length => VnetHeader.Length;
    }
}
