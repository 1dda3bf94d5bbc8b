using System.Runtime.InteropServices;

namespace Ptnetmap.Abi;

/// <summary>The application's half of a ring's CSB entry (<c>struct nm_csb_atok</c>, <c>sys/net/netmap.h</c>), which it
/// writes and the host reads; 64 bytes, a cache line.
/// <code>
///  0      4     8                12           16        64
///  | head | cur | appl_need_kick | sync_flags | padding |
/// </code>
/// Entries are an array: all tx rings, then all rx rings. The other side changes any of it at any time.</summary>
[StructLayout(LayoutKind.Explicit, Size = NetmapAbi.CsbEntrySize)]
public struct CsbAtok
{
    /// <summary>Offset of <see cref="Head"/>, for code that is emitted.</summary>
    public const int HeadOffset = 0;

    /// <summary>Offset of <see cref="Cur"/>.</summary>
    public const int CurOffset = 4;

    /// <summary>Offset of <see cref="NeedKick"/>.</summary>
    public const int NeedKickOffset = 8;

    /// <summary>Words that have a meaning; the rest is padding.</summary>
    public const int Words = 4;

    /// <summary><c>head</c>: the application's first slot.</summary>
    [FieldOffset(HeadOffset)]
    public uint Head;

    /// <summary><c>cur</c>: the wake-up point.</summary>
    [FieldOffset(CurOffset)]
    public uint Cur;

    /// <summary><c>appl_need_kick</c>: 1 asks for an interrupt.</summary>
    [FieldOffset(NeedKickOffset)]
    public uint NeedKick;

    /// <summary><c>sync_flags</c> (<c>NAF_*</c>).</summary>
    [FieldOffset(12)]
    public uint SyncFlags;
}
