namespace Ptnetmap.Linux.Net;

/// <summary>Where the driver keeps the outer VLAN tag of a frame out of it (<c>ETH_FLAG_*</c> of
/// <c>linux/ethtool.h</c>).</summary>
[Flags]
public enum VlanOffloads
{
    /// <summary>Tags are in their frames.</summary>
    None = 0,

    /// <summary>A frame that is sent gets its tag from the driver (<c>txvlan</c>).</summary>
    Transmit = 1 << 7,

    /// <summary>A frame that is received loses its tag to the driver (<c>rxvlan</c>).</summary>
    Receive = 1 << 8,

    /// <summary>Both.</summary>
    Both = Transmit | Receive,
}
