namespace Ptnetmap.Linux.Bpf;

/// <summary>Where an XDP program runs: <c>XDP_FLAGS_*</c> (<c>linux/if_link.h</c>).</summary>
public enum XdpAttachMode
{
    /// <summary>Behind the driver, in the kernel's stack, on every interface; each frame has cost an skb by
    /// then.</summary>
    Generic = 1 << 1,

    /// <summary>In the driver, where it has support ("native").</summary>
    Driver = 1 << 2,
}
