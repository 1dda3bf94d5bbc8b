using System.Runtime.InteropServices;

namespace Ptnetmap.Abi;

/// <summary>The host's half of a ring's CSB entry (<c>struct nm_csb_ktoa</c>, <c>sys/net/netmap.h</c>), which it writes
/// and the application reads; 64 bytes, a cache line.
/// <code>
///  0       4        8                12        64
///  | hwcur | hwtail | kern_need_kick | padding |
/// </code>
/// Entries are an array in the order of <see cref="CsbAtok"/>.</summary>
[StructLayout(LayoutKind.Explicit, Size = NetmapAbi.CsbEntrySize)]
public struct CsbKtoa
{
    /// <summary>Offset of <see cref="HwCur"/>, for code that is emitted.</summary>
    public const int HwCurOffset = 0;

    /// <summary>Offset of <see cref="HwTail"/>, for code that is emitted.</summary>
    public const int HwTailOffset = 4;

    /// <summary>Offset of <see cref="NeedKick"/>.</summary>
    public const int NeedKickOffset = 8;

    /// <summary>Words that have a meaning; the rest is padding.</summary>
    public const int Words = 3;

    /// <summary><c>hwcur</c>: the first slot that the host has not done.</summary>
    [FieldOffset(HwCurOffset)]
    public uint HwCur;

    /// <summary><c>hwtail</c>: the first slot that is not the application's.</summary>
    [FieldOffset(HwTailOffset)]
    public uint HwTail;

    /// <summary><c>kern_need_kick</c>: 1 asks for a kick.</summary>
    [FieldOffset(NeedKickOffset)]
    public uint NeedKick;
}
