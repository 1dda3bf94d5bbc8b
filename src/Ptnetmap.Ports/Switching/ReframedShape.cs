using Ptnetmap.Memory;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Ports.Switching;

/// <summary>Packets of which nothing is left to be done, between a port with virtio-net headers and one without: the
/// header is left out, or one that says nothing is put before. Everything behind it moves, so the frame is laid into
/// the receiver's buffers anew.</summary>
/// <param name="Removed">Bytes of the sender's header.</param>
/// <param name="Added">Bytes of the receiver's.</param>
internal readonly record struct ReframedShape(uint Removed, uint Added) : IPacketShape
{
    private static readonly byte[] EmptyHeader = new byte[VnetHeader.Length];

    public uint SlotsFor(ReadOnlySpan<SlotWord> packet, FrameVlan vlan, uint bufferSize)
    {
        long length = (long)Added - Removed;
        foreach (SlotWord word in packet)
        {
            length += word.Length;
        }

        return FrameWriter.SlotsFor(length, bufferSize);
    }

    public long Lay(ref FrameWriter writer, ReadOnlySpan<SlotWord> packet, FrameVlan vlan, BufferPoolView from)
    {
        writer.Write(EmptyHeader.AsSpan(0, (int)Added));
        long bytes = -Removed;
        int skip = (int)Removed;
        foreach (SlotWord word in packet)
        {
            writer.Write(from[word.BufferIndex][skip..word.Length]);
            bytes += word.Length;
            skip = 0;
        }

        return bytes;
    }
}
