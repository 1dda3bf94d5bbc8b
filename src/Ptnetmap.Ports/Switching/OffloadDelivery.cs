using Ptnetmap.Ports.Offloads;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Ports.Switching;

/// <summary>Delivers from a port with virtio-net headers to one without: what the header leaves to be done is done
/// here, checksums completed and large packets cut into segments. All frames of a packet arrive, or none.</summary>
internal static class OffloadDelivery
{
    /// <summary>Delivers <paramref name="queue"/> to <paramref name="rx"/>.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="rx">The receiver's ring.</param>
    /// <param name="queue">The queue; on return what waits for space.</param>
    /// <param name="withoutHeader">How packets are laid of which nothing is left to be done.</param>
    /// <param name="vlans">The receiver's VLANs, on a switch that has some.</param>
    /// <returns>True when the receiver is to be notified: it was shown something new, or is full.</returns>
    public static bool Deliver<TShape>(SlotBatch batch, Kring rx, ref DestinationQueue queue, TShape withoutHeader,
        PortVlans? vlans)
        where TShape : struct, IPacketShape
    {
        bool shown = false;
        int plain = 0;
        var walk = new PacketWalk(batch, in queue);
        PacketWalk firstPlain = walk;
        PacketWalk before = walk;
        queue = default;
        for (; walk.MoveNext() && queue.Packets == 0; before = walk)
        {
            // All that is not plain now is copied, and what counts is the copy's header; of what is plain now, no
            // header is looked at again.
            if (VnetHeader.Read(batch.Tx.Buffers[walk.Current[0].BufferIndex]).IsPlain)
            {
                plain++;
                continue;
            }

            shown |= plain != 0 && ShapedDelivery.Deliver(batch, rx, firstPlain, plain, withoutHeader, out queue);
            if (queue.Packets != 0)
            {
                return shown;
            }

            TagChange change = vlans is null ? default : TagChange.To(vlans, walk.Vlan);
            shown |= DeliverOffloaded(batch, rx, walk.Current, change, before, out queue);
            firstPlain = walk;
            plain = 0;
        }

        return shown | (plain != 0 && ShapedDelivery.Deliver(batch, rx, firstPlain, plain, withoutHeader, out queue));
    }

    private static bool DeliverOffloaded(SlotBatch batch, Kring rx, ReadOnlySpan<SlotWord> words, TagChange change,
        PacketWalk before, out DestinationQueue rest)
    {
        rest = default;
        if (!batch.TryGather(words, out Span<byte> packet))
        {
            batch.Drop(DropReason.Oversize);
            return false;
        }

        var header = VnetHeader.Read(packet);
        if (!OffloadedFrame.TryMake(packet[VnetHeader.Length..], header, out OffloadedFrame frame))
        {
            batch.Drop(DropReason.BadOffload);
            return false;
        }

        // All of it or nothing; what no ring of this length could hold is not claimed at all.
        uint size = rx.Buffers.BufferSize;
        uint perFrame = FrameWriter.SlotsFor(change.LengthOf(frame.LengthOf(0)), size);
        long slots = (perFrame * ((long)frame.Frames - 1))
            + FrameWriter.SlotsFor(change.LengthOf(frame.LengthOf(frame.Frames - 1)), size);
        bool isOversize = perFrame > NetmapAbi.MaxFragments || slots >= rx.SlotCount;
        var demand = new WholeDemand(isOversize ? 0 : (uint)slots);
        if (!ReceiveClaim.TryTake(rx, ref demand, batch.Patience, out ReceiveClaim claim))
        {
            batch.Drop(DropReason.NoReceiver);
            return false;
        }

        if (claim.Wait != 0)
        {
            rest = batch.WaitFrom(before.Run, before.Done, (uint)slots, claim.Wait);
            return true;
        }

        if (claim.Slots == 0)
        {
            batch.Drop(isOversize ? DropReason.Oversize : DropReason.NoSpace);
            return !isOversize;
        }

        int good = Write(rx, frame, change, claim.Start, out long bytes);
        batch.Drop(DropReason.BadReceiverSlot, frame.Frames - good);
        return claim.HandOver(rx, good, frame.Frames - good, bytes);
    }

    private static int Write(Kring rx, OffloadedFrame frame, TagChange change, uint start, out long bytes)
    {
        var writer = new FrameWriter(rx, start);
        int good = 0;
        bytes = 0;
        for (int i = 0; i < frame.Frames; i++)
        {
            int length = frame.LengthOf(i);
            long changed = change.LengthOf(length);
            writer.Begin(FrameWriter.SlotsFor(changed, rx.Buffers.BufferSize));
            WriteFrame(ref writer, change, frame.Headers(i), frame.Payload(i));
            change.Pad(ref writer, length);
            bool arrived = writer.End();
            good += arrived ? 1 : 0;
            bytes += arrived ? changed : 0;
        }

        return good;
    }

    // A frame that was not cut has its headers in one piece with its payload.
    private static void WriteFrame(ref FrameWriter writer, TagChange change, ReadOnlySpan<byte> headers,
        ReadOnlySpan<byte> payload)
    {
        if (headers.IsEmpty)
        {
            change.Write(ref writer, payload);
            return;
        }

        change.Write(ref writer, headers);
        writer.Write(payload);
    }

    // All slots or none.
    private struct WholeDemand(uint slots) : IReceiveDemand
    {
        public long Missed { readonly get; private set; }

        public uint SlotsOf(uint free)
        {
            Missed = slots > free ? 1 : 0;
            return slots > free ? 0 : slots;
        }
    }
}
