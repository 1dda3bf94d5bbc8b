using System.Buffers.Binary;
using Ptnetmap.Memory;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Ports.Switching;

/// <summary>Looks once more at frames that were copied as they are on a switch that has VLANs, before their receiver is
/// shown them: the sender may have written another tag meanwhile. Four bytes that the copy has just brought into the
/// cache.</summary>
/// <param name="HeaderLength">Bytes of virtio-net header before each frame.</param>
internal readonly record struct TagSeal(uint HeaderLength) : ISlotSeal
{
    // The tag's type and its VLAN, in the order of the frame's bytes; what is left is the priority.
    private const uint TagMask = 0xFFFF_0FFF;
    private const uint TypeMask = 0xFFFF_0000;
    private const uint TagType = (uint)Ethernet.CustomerTag << 16;

    public void Put(Kring rx, uint at, int slots, FrameVlan vlan)
    {
        Span<NetmapSlot> first = rx.Ring.Run(at, (uint)slots);
        Put(first, rx.Buffers, vlan);
        Put(rx.Ring.Run(0, (uint)(slots - first.Length)), rx.Buffers, vlan);
    }

    private void Put(Span<NetmapSlot> slots, BufferPoolView buffers, FrameVlan vlan)
    {
        foreach (ref NetmapSlot slot in slots)
        {
            uint index = slot.BufferIndex;
            if (!buffers.IsValid(index))
            {
                continue;
            }

            Span<byte> place = buffers[index].Slice((int)HeaderLength + Ethernet.TypeOffset, Ethernet.TagLength);
            uint found = BinaryPrimitives.ReadUInt32BigEndian(place);
            uint tag = TagType | (uint)vlan.Id;
            if (vlan.HasTag && (found & TagMask) != tag)
            {
                BinaryPrimitives.WriteUInt32BigEndian(place, (found & ~TagMask) | tag);
            }
            else if (!vlan.HasTag && (found & TypeMask) == TagType)
            {
                BinaryPrimitives.WriteUInt32BigEndian(place, found & ~TypeMask);
            }
        }
    }
}
