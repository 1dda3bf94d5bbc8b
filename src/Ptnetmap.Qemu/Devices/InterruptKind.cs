namespace Ptnetmap.Qemu.Devices;

/// <summary>How a guest has itself interrupted.</summary>
public enum InterruptKind
{
    /// <summary>Not at all: it has no driver yet, or polls.</summary>
    None,

    /// <summary>By MSI-X, a vector a ring.</summary>
    Msix,

    /// <summary>By the pin, one for all rings.</summary>
    Intx,
}
