namespace Ptnetmap.HostPorts.Nic;

/// <summary>How frames get between a NIC and the region, from the best to what every interface can do.</summary>
public enum NicMode
{
    /// <summary>The driver puts frames straight into the region's buffers, and sends them from there.</summary>
    ZeroCopy,

    /// <summary>The XDP program runs in the driver; the kernel copies each frame once.</summary>
    Copy,

    /// <summary>The XDP program runs behind the driver, on every interface; the kernel makes an skb of each frame and
    /// copies it.</summary>
    Generic,
}
