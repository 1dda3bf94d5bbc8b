namespace Ptnetmap.Abi;

/// <summary>The first eight bytes of a slot as one value: buffer index, length and flags, read or written at once, so
/// that what was checked is what is used.</summary>
public readonly struct SlotWord
{
    private const ulong IndexMask = 0xFFFF_FFFF;
    private const int LengthShift = 32;
    private const int FlagsShift = 48;

    /// <summary>Wraps the raw value.</summary>
    public SlotWord(ulong value) => Value = value;

    /// <summary>Makes one of its parts.</summary>
    public SlotWord(uint bufferIndex, ushort length, SlotFlags flags) =>
        Value = bufferIndex | ((ulong)length << LengthShift) | ((ulong)flags << FlagsShift);

    /// <summary>What a receiver finds in a slot.</summary>
    /// <param name="bufferIndex">Its buffer.</param>
    /// <param name="length">Bytes in it.</param>
    /// <param name="fragments">Slots of the packet.</param>
    /// <param name="isLast">False when the packet goes on in the next slot.</param>
    public static SlotWord Received(uint bufferIndex, uint length, uint fragments = 1, bool isLast = true) =>
        new(bufferIndex, (ushort)length,
            (SlotFlags)(fragments << 8) | (isLast ? SlotFlags.None : SlotFlags.MoreFragments));

    /// <summary>The raw value.</summary>
    public ulong Value { get; }

    /// <summary><c>buf_idx</c>.</summary>
    public uint BufferIndex => (uint)Value;

    /// <summary><c>len</c>.</summary>
    public ushort Length => (ushort)(Value >> LengthShift);

    /// <summary><c>flags</c>, high byte included.</summary>
    public SlotFlags Flags => (SlotFlags)(Value >> FlagsShift);

    /// <summary>The high byte of the flags: destination port (tx) or number of fragments (rx).</summary>
    public byte HighByte => (byte)(Value >> (FlagsShift + 8));

    /// <summary>True when one of <paramref name="flags"/> is set.</summary>
    public bool Has(SlotFlags flags) => (Value & ((ulong)flags << FlagsShift)) != 0;

    /// <summary>The same with another buffer, marked as changed.</summary>
    public SlotWord WithBuffer(uint bufferIndex) =>
        new((Value & ~IndexMask) | bufferIndex | ((ulong)SlotFlags.BufferChanged << FlagsShift));
}
