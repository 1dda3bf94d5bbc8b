namespace Ptnetmap.Qemu.Devices;

/// <summary>What BAR 0, the registers, is.</summary>
public enum BarKind
{
    /// <summary>I/O ports: every driver takes them (FreeBSD's takes no other). A write waits for its reply.</summary>
    Io,

    /// <summary>Memory: a kick of a program in a guest is a store, and no system call. For Linux guests. A write waits
    /// for its reply here too (QEMU 11.1).</summary>
    Memory,
}
