namespace Ptnetmap.Linux.Net;

/// <summary>What the kernel may leave to whoever reads from a TAP interface (<c>TUN_F_*</c>,
/// <c>linux/if_tun.h</c>).</summary>
[Flags]
public enum TapOffloads : uint
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary><c>TUN_F_CSUM</c>: checksums of TCP and UDP. The others need it.</summary>
    Checksum = 0x01,

    /// <summary><c>TUN_F_TSO4</c>: segments of TCP over IPv4, up to 64 KB a packet.</summary>
    TcpV4 = 0x02,

    /// <summary><c>TUN_F_TSO6</c>: segments of TCP over IPv6.</summary>
    TcpV6 = 0x04,

    /// <summary><c>TUN_F_TSO_ECN</c>: also of TCP packets with ECN bits.</summary>
    TcpEcn = 0x08,

    /// <summary><c>TUN_F_USO4</c> and <c>TUN_F_USO6</c> (Linux 6.2): UDP datagrams of one size.</summary>
    Udp = 0x60,
}
