using Ptnetmap.Memory;
using Ptnetmap.Ports.Offloads;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Ports.Switching;

/// <summary>Delivers packets of which nothing is left to be done between a port with virtio-net headers and one without:
/// the header is left out, or one that says nothing is put before. Everything behind it moves, so the frame is laid into
/// the receiver's buffers anew.</summary>
internal static class ReframeDelivery
{
    /// <summary>Delivers packets to <paramref name="rx"/>.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="rx">The receiver's ring.</param>
    /// <param name="walk">Stands before the first packet.</param>
    /// <param name="packets">How many, at least one.</param>
    /// <param name="headerLength">The receiver's header: 0, or one that the sender does not have.</param>
    /// <returns>True when the receiver is to be notified: it was shown something new, or is full.</returns>
    public static bool Deliver(ValePass pass, Kring rx, PacketWalk walk, int packets, uint headerLength)
    {
        var shape = new Reframing(pass.HeaderLength, headerLength);
        if (!FragmentFit.TryClaim(rx, walk, packets, shape, out FragmentFit fit, out ReceiveClaim claim))
        {
            pass.Drop(DropReason.NoReceiver, packets);
            return false;
        }

        pass.Drop(DropReason.Oversize, fit.Oversize);
        int missed = packets - fit.Packets - fit.Oversize;
        pass.Drop(DropReason.NoSpace, missed);
        if (fit.Packets == 0)
        {
            return missed != 0;
        }

        int good = Copy(pass.Tx.Buffers, rx, walk, shape, fit.Packets, claim.Start, out long bytes);
        pass.Drop(DropReason.BadReceiverSlot, fit.Packets - good);
        return claim.HandOver(rx, good, fit.Packets - good, bytes);
    }

    private static int Copy(
        BufferPoolView from, Kring rx, PacketWalk walk, Reframing shape, int packets, uint start, out long bytes)
    {
        ReadOnlySpan<byte> header = stackalloc byte[VnetHeader.Length];
        var writer = new FrameWriter(rx, start);
        int copied = 0;
        int good = 0;
        bytes = 0;
        while (copied < packets && walk.MoveNext())
        {
            long length = shape.LengthOf(walk.Current);
            if (FrameWriter.SlotsFor(length, rx.Buffers.BufferSize) > ValePass.MaxFragments)
            {
                continue;
            }

            writer.Begin(length);
            writer.Write(header[..(int)shape.Added]);
            int skip = (int)shape.Removed;
            foreach (SlotWord word in walk.Current)
            {
                writer.Write(from[word.BufferIndex][skip..word.Length]);
                skip = 0;
            }

            bool arrived = writer.End();
            good += arrived ? 1 : 0;
            bytes += arrived ? length - shape.Added : 0;
            copied++;
        }

        return good;
    }

    // What is taken off and put before each packet.
    private readonly record struct Reframing(uint Removed, uint Added) : IPacketShape
    {
        public uint SlotsFor(ReadOnlySpan<SlotWord> packet, uint bufferSize) =>
            FrameWriter.SlotsFor(LengthOf(packet), bufferSize);

        public long LengthOf(ReadOnlySpan<SlotWord> packet)
        {
            long length = (long)Added - Removed;
            foreach (SlotWord word in packet)
            {
                length += word.Length;
            }

            return length;
        }
    }
}
