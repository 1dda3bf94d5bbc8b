namespace Ptnetmap.Linux.Net;

/// <summary>Which frames a <see cref="FlowRule"/> is about: <c>*_FLOW</c> (<c>linux/ethtool.h</c>).</summary>
public enum FlowKind
{
    /// <summary>TCP over IPv4.</summary>
    Tcp4 = 0x01,

    /// <summary>UDP over IPv4.</summary>
    Udp4 = 0x02,

    /// <summary>TCP over IPv6.</summary>
    Tcp6 = 0x05,

    /// <summary>UDP over IPv6.</summary>
    Udp6 = 0x06,

    /// <summary>Any, by the Ethernet header.</summary>
    Ethernet = 0x12,
}
