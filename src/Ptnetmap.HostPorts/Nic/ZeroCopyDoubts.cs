using Ptnetmap.Linux;
using Ptnetmap.Linux.Net;
using Ptnetmap.Linux.Pci;
using Ptnetmap.Linux.Xdp;

namespace Ptnetmap.HostPorts.Nic;

/// <summary>What speaks against zero-copy though the driver would do it. The kernel drops a chunk that it cannot give a
/// device without a word, and with it the slot that waits for it: so this is asked before.</summary>
/// <param name="Obstacle">Why it cannot work with this memory; null when it can.</param>
/// <param name="Defect">What is wrong with the driver, so that it is not chosen unless asked for; null when nothing is
/// known.</param>
public sealed record ZeroCopyDoubts(string? Obstacle, string? Defect)
{
    private const string Remedy = "give the region buffers of a page (ptnet domain add --buffer-size 4096)";

    /// <summary>Asks driver and machine. On a thread in the interface's namespace.</summary>
    /// <param name="name">The interface.</param>
    /// <param name="umem">The buffers.</param>
    public static ZeroCopyDoubts Of(string name, XdpUmem umem)
    {
        try
        {
            using var device = new EthtoolDevice(name);
            return new(
                ObstacleOf(name, umem.CrossesPages, umem.IsContiguous(),
                    () => DmaTranslation.Applies(device.ReadBusAddress())),
                DefectOf(name, device.ReadDriver()));
        }
        catch (LinuxException)
        {
            // A driver that does not say what it is: the kernel's answer to the mode itself has to do.
            return new(ObstacleOf(name, umem.CrossesPages, umem.IsContiguous(), () => false), null);
        }
    }

    /// <summary>Why chunks cannot all be given to a device; null when they can.</summary>
    /// <param name="name">The interface.</param>
    /// <param name="crossesPages">Chunks do not end with the page that they begin in.</param>
    /// <param name="isContiguous">Neighbouring pages are neighbours in the machine's memory.</param>
    /// <param name="isTranslated">Whether an IOMMU gives the device addresses of its own; asked only if it
    /// matters.</param>
    public static string? ObstacleOf(string name, bool crossesPages, bool isContiguous, Func<bool> isTranslated) =>
        !crossesPages ? null
        : !isContiguous
            ? "zero-copy wants buffers whose pages are neighbours in the machine's memory, and these are not: " +
                $"{Remedy}, or hugepages that lie side by side (--hugepages required)"
        : isTranslated()
            ? "zero-copy wants buffers within a page where " +
                $"{name} is, behind an IOMMU that gives every page an address of its own: " +
                $"{Remedy}, or start the kernel with iommu=pt"
        : null;

    // igb_alloc_rx_buffers_zc (6.14 to 7.3 at least): when the fill ring runs short at the end of the NIC's ring, the
    // next descriptor keeps the length of an old frame, and its buffer, which is somebody else's by then, is received
    // once more.
    private static string? DefectOf(string name, string driver) =>
        string.Equals(driver, "igb", StringComparison.Ordinal)
            ? $"zero-copy only when asked for: driver igb of {name} receives into buffers that are not its own, up " +
                "to a crash of the kernel, when a guest has not " +
                "given back in time as many buffers as the NIC's ring has (seen on Linux 7.3; --mode zero-copy has " +
                "it all the same)"
            : null;
}
