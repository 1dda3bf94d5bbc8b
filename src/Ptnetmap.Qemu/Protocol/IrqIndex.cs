namespace Ptnetmap.Qemu.Protocol;

/// <summary>Kinds of interrupts of a PCI device (<c>VFIO_PCI_*_IRQ_INDEX</c>).</summary>
public enum IrqIndex : uint
{
    /// <summary>The pin.</summary>
    Intx = 0,

    /// <summary>MSI; not offered.</summary>
    Msi = 1,

    /// <summary>MSI-X.</summary>
    Msix = 2,

    /// <summary>PCI Express errors; not offered.</summary>
    Error = 3,

    /// <summary>The device wants to be given back; not offered.</summary>
    Request = 4,
}
