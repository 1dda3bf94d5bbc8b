namespace Ptnetmap.Ports.Switching;

/// <summary>Neighbouring slots of a batch with one destination: packets of one slot each, or one packet of
/// several.</summary>
internal struct PacketRun
{
    public int Start;

    public int Slots;

    /// <summary>Number of packets: as many as slots, or 1.</summary>
    public ushort Packets;

    /// <summary>Their VLAN, on a switch that has some.</summary>
    public FrameVlan Vlan;

    /// <summary>The destination's next run; -1 ends the list.</summary>
    public int Next;
}
