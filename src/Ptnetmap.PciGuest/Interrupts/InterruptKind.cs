namespace Ptnetmap.PciGuest.Interrupts;

/// <summary>How a program in a virtual machine learns that the host has news.</summary>
public enum InterruptKind
{
    /// <summary>The best that works here.</summary>
    Auto,

    /// <summary>MSI-X by vfio-pci, an eventfd a ring; needs a virtual IOMMU.</summary>
    Vfio,

    /// <summary>INTx by uio_pci_generic, one for all rings.</summary>
    Uio,

    /// <summary>None: looks every now and then, at least a thousand times a second.</summary>
    Poll,
}
