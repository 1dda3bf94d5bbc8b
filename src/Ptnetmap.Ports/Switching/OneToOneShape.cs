using Ptnetmap.Memory;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Ports.Switching;

/// <summary>Fragments are copied one to one, but one that is longer than the receiver's buffers goes on in its next
/// slots.</summary>
/// <param name="headerLength">Bytes of virtio-net header before each frame, on both sides.</param>
internal readonly struct OneToOneShape(uint headerLength) : IPacketShape
{
    public uint SlotsFor(ReadOnlySpan<SlotWord> packet, FrameVlan vlan, uint bufferSize)
    {
        uint slots = 0;
        foreach (SlotWord word in packet)
        {
            slots += word.Length <= bufferSize ? 1 : (word.Length + bufferSize - 1) / bufferSize;
        }

        return slots;
    }

    public long Lay(ref FrameWriter writer, ReadOnlySpan<SlotWord> packet, FrameVlan vlan, BufferPoolView from)
    {
        long bytes = -headerLength;
        for (int i = 0; i < packet.Length; i++)
        {
            if (i != 0)
            {
                writer.Break();
            }

            writer.Write(from[packet[i].BufferIndex][..packet[i].Length]);
            bytes += packet[i].Length;
        }

        return bytes;
    }
}
