using System.Runtime.InteropServices;

namespace Ptnetmap.Abi;

/// <summary><c>struct netmap_ring</c> before its slots, 256 bytes (<c>sys/net/netmap.h</c>).
/// <code>
///   0         8           12            16       18    20     24    28     32      36
///   | buf_ofs | num_slots | nr_buf_size | ringid | dir | head | cur | tail | flags | -
///  40                      56            64          72    128   256
///   | ts (tv_sec, tv_usec) | offset_mask | buf_align | -    | sem | slot[num_slots]
/// </code>
/// Head, cur, tail and flags belong to the program that uses the ring; the host writes the rest once and never reads it
/// back.</summary>
[StructLayout(LayoutKind.Explicit, Size = NetmapAbi.RingHeaderSize)]
public struct NetmapRingHeader
{
    /// <summary><c>buf_ofs</c>: the buffer pool's first byte relative to this ring.</summary>
    [FieldOffset(0)]
    public long BufferOffset;

    /// <summary><c>num_slots</c>.</summary>
    [FieldOffset(8)]
    public uint SlotCount;

    /// <summary><c>nr_buf_size</c>: bytes of a buffer, and the distance between two.</summary>
    [FieldOffset(12)]
    public uint BufferSize;

    /// <summary><c>ringid</c>.</summary>
    [FieldOffset(16)]
    public ushort RingId;

    /// <summary><c>dir</c>: 0 tx, 1 rx.</summary>
    [FieldOffset(18)]
    public ushort Direction;

    /// <summary><c>head</c>: the user's first slot.</summary>
    [FieldOffset(20)]
    public uint Head;

    /// <summary><c>cur</c>: the wake-up point.</summary>
    [FieldOffset(24)]
    public uint Cur;

    /// <summary><c>tail</c>: the host's first slot.</summary>
    [FieldOffset(28)]
    public uint Tail;

    /// <summary><c>flags</c>: <c>NR_TIMESTAMP</c> 2, <c>NR_FORWARD</c> 4.</summary>
    [FieldOffset(32)]
    public uint Flags;

    /// <summary><c>ts.tv_sec</c> of the last sync.</summary>
    [FieldOffset(40)]
    public long TimestampSeconds;

    /// <summary><c>ts.tv_usec</c> of the last sync.</summary>
    [FieldOffset(48)]
    public long TimestampMicroseconds;

    /// <summary><c>offset_mask</c>.</summary>
    [FieldOffset(56)]
    public ulong OffsetMask;

    /// <summary><c>buf_align</c>.</summary>
    [FieldOffset(64)]
    public ulong BufferAlignment;
}
