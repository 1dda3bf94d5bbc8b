using System.Runtime.InteropServices;

namespace Ptnetmap.Abi;

/// <summary><c>struct nmreq_register</c>, 56 bytes (<c>sys/net/netmap.h</c>): how a port is to be bound, and in the
/// answer what it has.
/// <code>
///   0           8            16            20            24            26            28                 30
///   | nr_offset | nr_memsize | nr_tx_slots | nr_rx_slots | nr_tx_rings | nr_rx_rings | nr_host_tx_rings |
///   nr_host_rx_rings |
///  32          34          36        40              44        48         56
///   | nr_mem_id | nr_ringid | nr_mode | nr_extra_bufs | padding | nr_flags |
/// </code></summary>
[StructLayout(LayoutKind.Explicit, Size = 56)]
public struct RegisterRequest
{
    /// <summary><c>nr_offset</c>, out: where the port's <c>netmap_if</c> is in the region.</summary>
    [FieldOffset(0)]
    public ulong InterfaceOffset;

    /// <summary><c>nr_memsize</c>, out: bytes of the region.</summary>
    [FieldOffset(8)]
    public ulong MemorySize;

    /// <summary><c>nr_tx_slots</c>; in, 0 leaves it to the host.</summary>
    [FieldOffset(16)]
    public uint TxSlots;

    /// <summary><c>nr_rx_slots</c>.</summary>
    [FieldOffset(20)]
    public uint RxSlots;

    /// <summary><c>nr_tx_rings</c>.</summary>
    [FieldOffset(24)]
    public ushort TxRings;

    /// <summary><c>nr_rx_rings</c>.</summary>
    [FieldOffset(26)]
    public ushort RxRings;

    /// <summary><c>nr_host_tx_rings</c>.</summary>
    [FieldOffset(28)]
    public ushort HostTxRings;

    /// <summary><c>nr_host_rx_rings</c>.</summary>
    [FieldOffset(30)]
    public ushort HostRxRings;

    /// <summary><c>nr_mem_id</c>: the region; in, 0 leaves it to the host.</summary>
    [FieldOffset(32)]
    public ushort MemoryId;

    /// <summary><c>nr_ringid</c>: the ring of the modes that take one.</summary>
    [FieldOffset(34)]
    public ushort RingId;

    /// <summary><c>nr_mode</c>: which rings.</summary>
    [FieldOffset(36)]
    public RegisterMode Mode;

    /// <summary><c>nr_extra_bufs</c>: buffers beside those of the rings.</summary>
    [FieldOffset(40)]
    public uint ExtraBuffers;

    /// <summary><c>nr_flags</c>: how.</summary>
    [FieldOffset(48)]
    public RegisterFlags Flags;
}
