namespace Ptnetmap.Daemon.Configuration;

/// <summary>A virtual machine that ports are passed through to.</summary>
public sealed record VmSettings
{
    /// <summary>The least memory of a guest, in MiB.</summary>
    public const int LeastMemory = 32;

    /// <summary>The most memory of a guest, in MiB.</summary>
    public const int MostMemory = 16 << 20;

    /// <summary>The least patience, in seconds: QEMU's own.</summary>
    public const int LeastPatience = 5;

    /// <summary>The most patience, in seconds.</summary>
    public const int MostPatience = 3600;

    /// <summary>The ports, in the order in which the guest finds them.</summary>
    public IReadOnlyList<string> Ports { get; init; } = [];

    /// <summary>Its memory in MiB.</summary>
    public int MemoryMiB { get; init; } = 512;

    /// <summary>Seconds that QEMU waits for a reply of the daemon before it gives a device up for good.</summary>
    public int PatienceSeconds { get; init; } = 60;

    /// <summary>The guest's system: linux, or freebsd, which has MSI-X only in a machine with a PCI Express device.</summary>
    public string Guest { get; init; } = "linux";

    /// <summary>With a virtual IOMMU, so that programs in the guest can have MSI-X.</summary>
    public bool Iommu { get; init; }
}
