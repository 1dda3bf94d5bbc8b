using Ptnetmap.Memory;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Ports.Switching;

/// <summary>Packets of a switch that has VLANs, with their tags put in or taken out, and their virtio-net headers left
/// out, moved on or put before as in <see cref="ReframedShape"/>. All behind the addresses moves, so the frame is laid
/// into the receiver's buffers anew.</summary>
/// <param name="Removed">Bytes of the sender's virtio-net header.</param>
/// <param name="Added">Bytes of the receiver's.</param>
/// <param name="Vlans">The receiver's VLANs.</param>
internal readonly record struct VlanShape(uint Removed, uint Added, PortVlans Vlans) : IPacketShape
{
    public uint SlotsFor(ReadOnlySpan<SlotWord> packet, FrameVlan vlan, uint bufferSize) =>
        FrameWriter.SlotsFor(Added + TagChange.To(Vlans, vlan).LengthOf(LengthOf(packet)), bufferSize);

    public long Lay(ref FrameWriter writer, ReadOnlySpan<SlotWord> packet, FrameVlan vlan, BufferPoolView from)
    {
        TagChange change = TagChange.To(Vlans, vlan);
        ReadOnlySpan<byte> first = from[packet[0].BufferIndex][..packet[0].Length];
        WriteHeader(ref writer, first, change.Added);
        change.Write(ref writer, first[(int)Removed..]);
        foreach (SlotWord word in packet[1..])
        {
            writer.Write(from[word.BufferIndex][..word.Length]);
        }

        long length = LengthOf(packet);
        change.Pad(ref writer, length);
        return change.LengthOf(length);
    }

    private void WriteHeader(ref FrameWriter writer, ReadOnlySpan<byte> packet, int moved)
    {
        Span<byte> header = stackalloc byte[(int)Added];
        header.Clear();
        if (Removed != 0 && Added != 0)
        {
            packet[..header.Length].CopyTo(header);
            VnetHeader.Move(header, moved);
        }

        writer.Write(header);
    }

    private long LengthOf(ReadOnlySpan<SlotWord> packet)
    {
        long length = -Removed;
        foreach (SlotWord word in packet)
        {
            length += word.Length;
        }

        return length;
    }
}
