namespace Ptnetmap.Linux.Pci;

/// <summary>Whether an IOMMU stands between a device and the machine's memory, and gives the device addresses of its
/// own (<c>Documentation/ABI/testing/sysfs-kernel-iommu_groups</c>).</summary>
public static class DmaTranslation
{
    private const string Devices = "/sys/bus/pci/devices";

    /// <summary>True when each page that a driver maps gets an address of its own, so that pages which are neighbours
    /// in memory need not be neighbours for the device; false where it sees memory as it is.</summary>
    /// <param name="address">The device's on the PCI bus, <c>0000:01:00.0</c>.</param>
    /// <param name="devices">Where the devices are listed; the kernel's own list unless a test has another.</param>
    public static bool Applies(string address, string devices = Devices)
    {
        // A bus without PCI's addresses, or no group at all: no IOMMU that the kernel knows of.
        string type = Path.Combine(devices, Path.GetFileName(address), "iommu_group", "type");
        return address.Length > 0 && File.Exists(type)
            && File.ReadAllText(type).Trim().StartsWith("DMA", StringComparison.Ordinal);
    }
}
