namespace Ptnetmap.Ports.Switching;

/// <summary>How a delivery lays a packet into receive slots. A struct, so that loops over packets are compiled for each.</summary>
internal interface IPacketShape
{
    /// <summary>Receive slots that a packet takes.</summary>
    /// <param name="packet">Its slots, in the sender's ring.</param>
    /// <param name="bufferSize">Bytes of a receive buffer.</param>
    public uint SlotsFor(ReadOnlySpan<SlotWord> packet, uint bufferSize);
}
