using System.Runtime.InteropServices;

namespace Ptnetmap.Abi;

/// <summary><c>struct netmap_if</c> before its <c>ring_ofs[]</c>, 56 bytes (<c>sys/net/netmap.h</c>).
/// <code>
///  0          16        20      24         28         32          36              40              44      56
///  | name[16] | version | flags | tx_rings | rx_rings | bufs_head | host_tx_rings | host_rx_rings | spare | ring_ofs[]
///  (i64)
/// </code>
/// <see cref="RingOffsets"/> has the order of what follows.</summary>
[StructLayout(LayoutKind.Explicit, Size = NetmapAbi.InterfaceHeaderSize)]
public struct NetmapInterfaceHeader
{
    /// <summary>Bytes of <c>name</c> at offset 0, its final zero included.</summary>
    public const int NameSize = 16;

    /// <summary><c>NI_PRIV_MEM</c>.</summary>
    public const uint PrivateMemory = 0x1;

    /// <summary><c>version</c>.</summary>
    [FieldOffset(16)]
    public uint Version;

    /// <summary><c>flags</c>.</summary>
    [FieldOffset(20)]
    public uint Flags;

    /// <summary><c>tx_rings</c>.</summary>
    [FieldOffset(24)]
    public uint TxRings;

    /// <summary><c>rx_rings</c>.</summary>
    [FieldOffset(28)]
    public uint RxRings;

    /// <summary><c>bufs_head</c>: first extra buffer, 0 when none; the next one's index is in its first four
    /// bytes.</summary>
    [FieldOffset(32)]
    public uint ExtraBuffers;

    /// <summary><c>host_tx_rings</c>.</summary>
    [FieldOffset(36)]
    public uint HostTxRings;

    /// <summary><c>host_rx_rings</c>.</summary>
    [FieldOffset(40)]
    public uint HostRxRings;
}
