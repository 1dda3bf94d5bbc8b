using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Ports.Switching;

/// <summary>What a lookup says about a frame: one port, all others, or nobody; and what was found of its
/// VLAN.</summary>
/// <param name="Value">Low byte: 0 flood, 255 discard, else the port's number. Above it: the VLAN, or why it is
/// discarded.</param>
internal readonly record struct ForwardingDecision(uint Value)
{
    private const uint DiscardPort = byte.MaxValue;
    private const int VlanShift = 8;

    /// <summary>To every port but the sender's.</summary>
    public static ForwardingDecision Flood => new(0);

    /// <summary>To nobody.</summary>
    public static ForwardingDecision Discard(DropReason reason) => new(DiscardPort | ((uint)reason << VlanShift));

    /// <summary>To the port with this number (1 to 254), or <see cref="Flood"/> for 0.</summary>
    public static ForwardingDecision To(int port, FrameVlan vlan = default) =>
        new((uint)port | ((uint)vlan.Value << VlanShift));

    /// <summary>The port's number; 0 when it is a flood, 255 when it is discarded.</summary>
    public int Port => (byte)Value;

    /// <summary>The frame's VLAN, on a switch that has some.</summary>
    public FrameVlan Vlan => new((ushort)(Value >> VlanShift));

    /// <summary>True when it goes nowhere.</summary>
    public bool IsDiscard => (byte)Value == DiscardPort;

    /// <summary>Why it goes nowhere.</summary>
    public DropReason Reason => (DropReason)(Value >> VlanShift);
}
