namespace Ptnetmap.Daemon.Configuration;

/// <summary>A port of a switch, or of the host. Its members can be set, for the JSON that is generated at compile time
/// would set those that can only be initialised to nothing when they are left out.</summary>
public sealed record PortSettings : EndSettings, IShapeSettings, IVlanSettings
{
    /// <summary>Its name by netmap's grammar: <c>vale0:web</c>, <c>tap:x</c>, <c>pcap:in.pcap,-</c>.</summary>
    public string Name { get; set; } = "";

    /// <summary>The trust domain that it is in; null: one of its own, of the right size, that goes with it.</summary>
    public string? Domain { get; set; }

    /// <summary>Ring pairs.</summary>
    public int Rings { get; set; } = 1;

    /// <summary>Slots a ring.</summary>
    public int Slots { get; set; } = 1024;

    /// <summary>Lets guests have a virtio-net header before each frame: checksums left undone, segments of 64 KB. For
    /// receivers without, the switch does what is left.</summary>
    public bool Offloads { get; set; } = true;

    /// <summary>What its sync loops do when they run dry; null: the daemon's policy.</summary>
    public string? Policy { get; set; }

    /// <inheritdoc/>
    public int? Vlan { get; set; }

    /// <inheritdoc/>
    public IReadOnlyList<string>? Trunk { get; set; }

    /// <inheritdoc/>
    public int? Native { get; set; }

    /// <summary>What its other side is to be, for ports of the host.</summary>
    public HostSettings? Host { get; set; }
}
