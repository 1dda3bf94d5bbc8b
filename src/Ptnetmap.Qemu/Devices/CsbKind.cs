namespace Ptnetmap.Qemu.Devices;

/// <summary>Where a guest has its CSB.</summary>
public enum CsbKind
{
    /// <summary>Nowhere: its driver has not started the port.</summary>
    None,

    /// <summary>In its own memory, as upstream drivers do it.</summary>
    Memory,

    /// <summary>In the device's BAR 4, our extension.</summary>
    Bar,
}
