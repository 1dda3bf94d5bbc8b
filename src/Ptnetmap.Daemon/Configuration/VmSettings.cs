namespace Ptnetmap.Daemon.Configuration;

/// <summary>A virtual machine that ports are passed through to.</summary>
public sealed record VmSettings
{
    /// <summary>The ports, in the order in which the guest finds them.</summary>
    public IReadOnlyList<string> Ports { get; set; } = [];

    /// <summary>Its memory in MiB.</summary>
    public int MemoryMiB { get; set; } = 512;

    /// <summary>Seconds that QEMU waits for a reply of the daemon before it gives a device up for good.</summary>
    public int PatienceSeconds { get; set; } = 60;

    /// <summary>The guest's system: linux, or freebsd, which has MSI-X only in a machine with a PCI Express
    /// device.</summary>
    public string Guest { get; set; } = "linux";

    /// <summary>With a virtual IOMMU, so that programs in the guest can have MSI-X.</summary>
    public bool Iommu { get; set; }
}
