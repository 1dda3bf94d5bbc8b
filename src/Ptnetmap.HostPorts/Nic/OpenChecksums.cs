using Ptnetmap.Linux;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.HostPorts.Nic;

/// <summary>Which interfaces bring frames whose TCP or UDP checksum nobody has computed. Between kernels of one machine
/// it is left undone (<c>CHECKSUM_PARTIAL</c>), told beside the frame, and whoever takes the frame by XDP does not hear
/// of it.</summary>
public static class OpenChecksums
{
    // Hardware to the kernel, by their drivers' own names, with another kernel of the same machine at the other end:
    // virtio_net (with GUEST_CSUM, in generic mode), Xen's xen_netfront and xen-netback ("vif"), Hyper-V's.
    private static readonly string[] BetweenMachines =
        ["virtio_net", "vif", "xen_netfront", "xen-netback", "hv_netvsc"];

    /// <summary>True where such frames may come: an interface that the kernel made (veth, tun, bond, bridge and so on),
    /// one that leads to another machine on this host, and one that does not say what drives it (the loopback
    /// interface). A frame from a wire has its checksum.</summary>
    /// <param name="link">The interface.</param>
    /// <param name="device">The same.</param>
    public static bool AreLeftBy(LinkInfo link, EthtoolDevice device)
    {
        if (link.Kind.Length != 0)
        {
            return true;
        }

        try
        {
            return AreLeftBy(device.ReadDriver());
        }
        catch (LinuxException)
        {
            return true;
        }
    }

    /// <summary>The same, of an interface that nobody made, by its driver's name.</summary>
    public static bool AreLeftBy(string driver) =>
        driver.Length == 0 || BetweenMachines.Contains(driver, StringComparer.Ordinal);
}
