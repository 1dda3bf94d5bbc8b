namespace Ptnetmap.Qemu.Devices;

/// <summary>What BAR 0, the registers, is.</summary>
public enum BarKind
{
    /// <summary>I/O ports: every driver takes them (FreeBSD's takes no other). A write waits for its reply.</summary>
    Io,

    /// <summary>Memory: a kick is posted and costs the guest little. For Linux guests.</summary>
    Memory,
}
