namespace Ptnetmap.Daemon.Configuration;

/// <summary>What the other side of a port is to be, when that is the host's kernel or a file. Each kind of port looks
/// at its own members.</summary>
public sealed record HostSettings
{
    /// <summary>The network namespace that the interface is in, or is made in (TAP); null: the daemon's.</summary>
    public string? Netns { get; set; }

    /// <summary>The interface's name, where the port's is another: for interfaces whose name the port's grammar reads
    /// otherwise (<c>br-1</c>), or that another namespace has as well; null: as the port's name says.</summary>
    public string? Interface { get; set; }

    /// <summary>TAP: the interface's MTU; null: as the kernel has it.</summary>
    public int? Mtu { get; set; }

    /// <summary>TAP: the MAC address of the kernel's side; null: the kernel chooses.</summary>
    public string? Mac { get; set; }

    /// <summary>TAP: the interface stays when the port is closed.</summary>
    public bool Persistent { get; set; }

    /// <summary>NICs: the only mode that will do (zero-copy, copy, generic); auto: the best that there is.</summary>
    public string Mode { get; set; } = "auto";

    /// <summary>NICs: which frames come to the port, as in <c>mac=52:54:00:12:34:56,udp=4789</c>; the others go to the
    /// kernel's stack. Null: everything.</summary>
    public string? Filter { get; set; }

    /// <summary>NICs: microseconds that the kernel polls the device when it is asked for frames; 0: it goes by
    /// interrupts.</summary>
    public int BusyPoll { get; set; }

    /// <summary>NICs: complete checksums in received frames that a sender's kernel has left undone, and count wrong
    /// ones: on, off, or auto, where the interface may bring such frames (veth and other software interfaces,
    /// virtio_net).</summary>
    public string Checksums { get; set; } = "auto";

    /// <summary>NICs: receive frames for every address. A NIC that is attached to a switch does anyway.</summary>
    public bool Promiscuous { get; set; }

    /// <summary>Captures: frames arrive at the distances at which they were captured.</summary>
    public bool RecordedTimes { get; set; }

    /// <summary>Captures: how often the file is replayed; 0: for ever.</summary>
    public long Loops { get; set; } = 1;
}
