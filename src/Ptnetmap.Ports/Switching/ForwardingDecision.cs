namespace Ptnetmap.Ports.Switching;

/// <summary>What a lookup says about a frame: one port, all others, or nobody; and the scope that it was decided in.</summary>
/// <param name="Value">Low byte: 0 flood, 255 discard, else the port's number. Above it: the scope.</param>
public readonly record struct ForwardingDecision(uint Value)
{
    private const uint DiscardPort = byte.MaxValue;
    private const int ScopeShift = 8;

    /// <summary>To every port but the sender's.</summary>
    public static ForwardingDecision Flood => new(0);

    /// <summary>To nobody.</summary>
    public static ForwardingDecision Discard => new(DiscardPort);

    /// <summary>To the port with this number (1 to 254), or <see cref="Flood"/> for 0.</summary>
    public static ForwardingDecision To(int port, int scope = 0) => new((uint)port | ((uint)scope << ScopeShift));

    /// <summary>The port's number; 0 when it is a flood, 255 when it is discarded.</summary>
    public int Port => (byte)Value;

    /// <summary>A number of the lookup's own, by which <see cref="IForwardingLookup.Admits"/> tells ports apart: a VLAN,
    /// for example.</summary>
    public int Scope => (int)(Value >> ScopeShift);

    /// <summary>True when it goes nowhere.</summary>
    public bool IsDiscard => (byte)Value == DiscardPort;
}
