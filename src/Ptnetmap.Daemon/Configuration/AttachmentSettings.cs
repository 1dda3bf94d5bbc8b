namespace Ptnetmap.Daemon.Configuration;

/// <summary>An interface of the host, or captures, on a switch: its port and one of the switch are made and connected;
/// both or none.</summary>
public sealed record AttachmentSettings : ShapeSettings, IVlanSettings
{
    /// <summary>The switch: <c>vale0</c>.</summary>
    public string Switch { get; set; } = "";

    /// <summary>The interface's port: <c>netmap:eth0</c>, <c>tap:x</c>, <c>pcap:in,out</c>.</summary>
    public string Port { get; set; } = "";

    /// <inheritdoc/>
    public int? Vlan { get; set; }

    /// <inheritdoc/>
    public IReadOnlyList<string>? Trunk { get; set; }

    /// <inheritdoc/>
    public int? Native { get; set; }

    /// <summary>What the switch's port is called, without the switch; null: as the interface.</summary>
    public string? As { get; set; }

    /// <summary>NICs: the kernel's stack behind the interface (<c>netmap:eth0^</c>) is put on the switch as
    /// well.</summary>
    public bool Stack { get; set; }

    /// <summary>What the interface is to be.</summary>
    public HostSettings? Host { get; set; }
}
