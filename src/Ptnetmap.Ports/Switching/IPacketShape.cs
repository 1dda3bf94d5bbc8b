using Ptnetmap.Memory;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Ports.Switching;

/// <summary>How a delivery lays a packet into receive slots. A struct, so that loops over packets are compiled for
/// each.</summary>
internal interface IPacketShape
{
    /// <summary>Receive slots that a packet takes.</summary>
    /// <param name="packet">Its slots, in the sender's ring.</param>
    /// <param name="vlan">Its VLAN, on a switch that has some.</param>
    /// <param name="bufferSize">Bytes of a receive buffer.</param>
    public uint SlotsFor(ReadOnlySpan<SlotWord> packet, FrameVlan vlan, uint bufferSize);

    /// <summary>Writes a packet, which was begun with as many slots.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="packet">Its slots, in the sender's ring.</param>
    /// <param name="vlan">Its VLAN, on a switch that has some.</param>
    /// <param name="from">The sender's buffers.</param>
    /// <returns>Bytes of the frame, without a virtio-net header.</returns>
    public long Lay(ref FrameWriter writer, ReadOnlySpan<SlotWord> packet, FrameVlan vlan, BufferPoolView from);
}
