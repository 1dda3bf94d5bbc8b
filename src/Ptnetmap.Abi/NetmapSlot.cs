using System.Runtime.InteropServices;

namespace Ptnetmap.Abi;

/// <summary><c>struct netmap_slot</c>, 16 bytes.
/// <code>
///  0        4     6       8                16
///  | buf_idx | len | flags | ptr            |
///  |   Word, one 64-bit load |
/// </code>
/// The other side may change it at any time: read <see cref="Word"/> once, then work on the copy.</summary>
[StructLayout(LayoutKind.Explicit, Size = NetmapAbi.SlotSize)]
public struct NetmapSlot
{
    /// <summary>Offset of <see cref="Length"/>, for code that is emitted.</summary>
    public const int LengthOffset = 4;

    /// <summary>Offset of <see cref="Flags"/>.</summary>
    public const int FlagsOffset = 6;

    /// <summary>A slot's bytes as a shift.</summary>
    public const int SizeShift = 4;

    /// <summary>The first eight bytes at once.</summary>
    [FieldOffset(0)]
    public SlotWord Word;

    /// <summary><c>buf_idx</c>: which buffer of the region's pool.</summary>
    [FieldOffset(0)]
    public uint BufferIndex;

    /// <summary><c>len</c>: bytes of the frame, or of this fragment.</summary>
    [FieldOffset(LengthOffset)]
    public ushort Length;

    /// <summary><c>flags</c>.</summary>
    [FieldOffset(FlagsOffset)]
    public SlotFlags Flags;

    /// <summary><c>ptr</c>: address of indirect data; not used here.</summary>
    [FieldOffset(8)]
    public ulong Pointer;
}
