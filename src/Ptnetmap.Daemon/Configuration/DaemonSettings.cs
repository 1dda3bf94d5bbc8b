namespace Ptnetmap.Daemon.Configuration;

/// <summary>All that a configuration file says.</summary>
public sealed record DaemonSettings
{
    /// <summary>The file that they were read from, by its whole name; null: none.</summary>
    public string? File { get; init; }

    /// <summary>Worker threads; 0: one less than there are cores, at least one.</summary>
    public int Workers { get; set; }

    /// <summary>CPUs that workers are bound to, in turn; empty: wherever the scheduler wants.</summary>
    public IReadOnlyList<int> Cpus { get; set; } = [];

    /// <summary>What sync loops do when they run dry.</summary>
    public string Policy { get; set; } = "spin-then-sleep";

    /// <summary>text, json or systemd.</summary>
    public string Log { get; set; } = "text";

    /// <summary>The least that is logged: debug, info, warning or error.</summary>
    public string LogLevel { get; set; } = "info";

    /// <summary>Where in a file all this was read.</summary>
    public ConfigPlaces Places { get; init; } = new();

    /// <summary>Trust domains.</summary>
    public IReadOnlyList<DomainSettings> Domains { get; init; } = [];

    /// <summary>Switches.</summary>
    public IReadOnlyList<SwitchSettings> Switches { get; init; } = [];

    /// <summary>Ports of switches.</summary>
    public IReadOnlyList<PortSettings> Ports { get; init; } = [];

    /// <summary>Pipes.</summary>
    public IReadOnlyList<PipeSettings> Pipes { get; init; } = [];

    /// <summary>Ports that are connected with each other.</summary>
    public IReadOnlyList<BridgeSettings> Bridges { get; init; } = [];

    /// <summary>Interfaces of the host on switches.</summary>
    public IReadOnlyList<AttachmentSettings> Attachments { get; init; } = [];
}
