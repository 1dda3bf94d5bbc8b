namespace Ptnetmap.Daemon.Configuration;

/// <summary>What the other side of a port is to be, when that is the host's kernel or a file. Each kind of port looks at
/// its own members.</summary>
public sealed record HostSettings
{
    /// <summary>TAP: the network namespace that the interface is made in; null: the daemon's.</summary>
    public string? Netns { get; set; }

    /// <summary>TAP: the interface's MTU; null: as the kernel has it.</summary>
    public int? Mtu { get; set; }

    /// <summary>TAP: the MAC address of the kernel's side; null: the kernel chooses.</summary>
    public string? Mac { get; set; }

    /// <summary>TAP: the interface stays when the port is closed.</summary>
    public bool Persistent { get; set; }

    /// <summary>Captures: frames arrive at the distances at which they were captured.</summary>
    public bool RecordedTimes { get; set; }

    /// <summary>Captures: how often the file is replayed; 0: for ever.</summary>
    public long Loops { get; set; } = 1;
}
