namespace Ptnetmap.Abi;

/// <summary>What is to be cut into segments (<c>VIRTIO_NET_HDR_GSO_*</c>, virtio 1.2, 5.1.6).</summary>
public enum SegmentationType : byte
{
    /// <summary><c>GSO_NONE</c>: nothing.</summary>
    None = 0,

    /// <summary><c>GSO_TCPV4</c>: TCP over IPv4.</summary>
    TcpV4 = 1,

    /// <summary><c>GSO_UDP</c>: one UDP datagram into IP fragments. Refused here: Linux sends it no more since
    /// 4.14.</summary>
    UdpFragments = 3,

    /// <summary><c>GSO_TCPV6</c>: TCP over IPv6.</summary>
    TcpV6 = 4,

    /// <summary><c>GSO_UDP_L4</c>: UDP datagrams of one size, over either IP.</summary>
    Udp = 5,
}
