namespace Ptnetmap.Daemon.Configuration;

/// <summary>Two ports that are connected with each other inside the daemon. A port that is not there is made, and goes
/// with the bridge; a bridge of an interface and a port of a switch puts the interface on the switch.</summary>
public sealed record BridgeSettings : ShapeSettings, IVlanSettings
{
    /// <summary>One port: <c>tap:x</c>.</summary>
    public string Left { get; set; } = "";

    /// <summary>The other: <c>tap:y</c>, <c>vale0:x</c>.</summary>
    public string Right { get; set; } = "";

    /// <summary>The right port is made: one of that name that is there already is another's, and not taken.</summary>
    public bool MakeRight { get; set; }

    /// <inheritdoc/>
    public int? Vlan { get; set; }

    /// <inheritdoc/>
    public IReadOnlyList<string>? Trunk { get; set; }

    /// <inheritdoc/>
    public int? Native { get; set; }

    /// <summary>What the other side of an interface that is made is to be.</summary>
    public HostSettings? Host { get; set; }
}
