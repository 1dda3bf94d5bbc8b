using Ptnetmap.Ports.Offloads;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Ports.Switching;

/// <summary>Delivers from a port with virtio-net headers to one without: what the header leaves to be done is done here,
/// checksums completed and large packets cut into segments. All frames of a packet arrive, or none.</summary>
internal static class OffloadDelivery
{
    /// <summary>Delivers <paramref name="queue"/> to <paramref name="rx"/>.</summary>
    /// <returns>True when the receiver is to be notified: it was shown something new, or is full.</returns>
    public static bool Deliver(ValePass pass, Kring rx, in DestinationQueue queue)
    {
        bool shown = false;
        int plain = 0;
        var walk = new PacketWalk(pass, in queue);
        PacketWalk firstPlain = walk;
        while (walk.MoveNext())
        {
            // All that is not plain now is copied, and what counts is the copy's header; of what is plain now, no header
            // is looked at again.
            if (VnetHeader.Read(pass.Tx.Buffers[walk.Current[0].BufferIndex]).IsPlain)
            {
                plain++;
                continue;
            }

            shown |= plain != 0 && ReframeDelivery.Deliver(pass, rx, firstPlain, plain, headerLength: 0);
            shown |= DeliverOffloaded(pass, rx, walk.Current);
            firstPlain = walk;
            plain = 0;
        }

        return shown | (plain != 0 && ReframeDelivery.Deliver(pass, rx, firstPlain, plain, headerLength: 0));
    }

    private static bool DeliverOffloaded(ValePass pass, Kring rx, ReadOnlySpan<SlotWord> slots)
    {
        if (!pass.TryGather(slots, out Span<byte> packet))
        {
            pass.Drop(DropReason.Oversize);
            return false;
        }

        var header = VnetHeader.Read(packet);
        if (!OffloadedFrame.TryMake(packet[VnetHeader.Length..], header, out OffloadedFrame frame))
        {
            pass.Drop(DropReason.BadOffload);
            return false;
        }

        if (TryClaim(rx, frame, out ReceiveClaim claim) is { } refusal)
        {
            pass.Drop(refusal);
            return refusal == DropReason.NoSpace;
        }

        int good = Write(rx, frame, claim.Start, out long bytes);
        pass.Drop(DropReason.BadReceiverSlot, frame.Frames - good);
        return claim.HandOver(rx, good, frame.Frames - good, bytes);
    }

    private static DropReason? TryClaim(Kring rx, OffloadedFrame frame, out ReceiveClaim claim)
    {
        claim = default;
        uint size = rx.Buffers.BufferSize;
        uint perFrame = FrameWriter.SlotsFor(frame.LengthOf(0), size);
        long slots = (perFrame * ((long)frame.Frames - 1)) + FrameWriter.SlotsFor(frame.LengthOf(frame.Frames - 1), size);
        rx.Lock.Enter();
        try
        {
            RingClient? client = rx.Client;
            if (client is null)
            {
                return DropReason.NoReceiver;
            }

            if (perFrame > ValePass.MaxFragments || slots >= rx.SlotCount)
            {
                return DropReason.Oversize;
            }

            client.Fetch(rx);
            if (slots > rx.Free)
            {
                rx.Counters.Missed++;
                return DropReason.NoSpace;
            }

            uint start = rx.Claimed;
            claim = new ReceiveClaim(start, (uint)slots, rx.Lease((uint)slots));
            return null;
        }
        finally
        {
            rx.Lock.Exit();
        }
    }

    private static int Write(Kring rx, OffloadedFrame frame, uint start, out long bytes)
    {
        var writer = new FrameWriter(rx, start);
        int good = 0;
        bytes = 0;
        for (int i = 0; i < frame.Frames; i++)
        {
            int length = frame.LengthOf(i);
            writer.Begin(length);
            writer.Write(frame.Headers(i));
            writer.Write(frame.Payload(i));
            bool arrived = writer.End();
            good += arrived ? 1 : 0;
            bytes += arrived ? length : 0;
        }

        return good;
    }
}
