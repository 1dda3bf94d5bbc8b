using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ptnetmap.Tests.Abi;

/// <summary>Every offset and size of the netmap ABI, version 14, as netmap's own headers have them.</summary>
public class NetmapLayoutTests
{
    [Theory]
    [InlineData(typeof(NetmapSlot), "BufferIndex", 0)]
    [InlineData(typeof(NetmapSlot), "Length", 4)]
    [InlineData(typeof(NetmapSlot), "Flags", 6)]
    [InlineData(typeof(NetmapSlot), "Pointer", 8)]
    [InlineData(typeof(NetmapSlot), "Word", 0)]
    [InlineData(typeof(NetmapRingHeader), "BufferOffset", 0)]
    [InlineData(typeof(NetmapRingHeader), "SlotCount", 8)]
    [InlineData(typeof(NetmapRingHeader), "BufferSize", 12)]
    [InlineData(typeof(NetmapRingHeader), "RingId", 16)]
    [InlineData(typeof(NetmapRingHeader), "Direction", 18)]
    [InlineData(typeof(NetmapRingHeader), "Head", 20)]
    [InlineData(typeof(NetmapRingHeader), "Cur", 24)]
    [InlineData(typeof(NetmapRingHeader), "Tail", 28)]
    [InlineData(typeof(NetmapRingHeader), "Flags", 32)]
    [InlineData(typeof(NetmapRingHeader), "TimestampSeconds", 40)]
    [InlineData(typeof(NetmapRingHeader), "TimestampMicroseconds", 48)]
    [InlineData(typeof(NetmapRingHeader), "OffsetMask", 56)]
    [InlineData(typeof(NetmapRingHeader), "BufferAlignment", 64)]
    [InlineData(typeof(NetmapInterfaceHeader), "Version", 16)]
    [InlineData(typeof(NetmapInterfaceHeader), "Flags", 20)]
    [InlineData(typeof(NetmapInterfaceHeader), "TxRings", 24)]
    [InlineData(typeof(NetmapInterfaceHeader), "RxRings", 28)]
    [InlineData(typeof(NetmapInterfaceHeader), "ExtraBuffers", 32)]
    [InlineData(typeof(NetmapInterfaceHeader), "HostTxRings", 36)]
    [InlineData(typeof(NetmapInterfaceHeader), "HostRxRings", 40)]
    [InlineData(typeof(CsbAtok), "Head", 0)]
    [InlineData(typeof(CsbAtok), "Cur", 4)]
    [InlineData(typeof(CsbAtok), "NeedKick", 8)]
    [InlineData(typeof(CsbAtok), "SyncFlags", 12)]
    [InlineData(typeof(CsbKtoa), "HwCur", 0)]
    [InlineData(typeof(CsbKtoa), "HwTail", 4)]
    [InlineData(typeof(CsbKtoa), "NeedKick", 8)]
    public void Field_is_at_its_offset(Type type, string field, int offset) =>
        Assert.Equal(offset, Marshal.OffsetOf(type, field).ToInt32());

    [Fact]
    public void No_field_is_missing_in_the_table_above() => Assert.Equal(
        (5, 13, 7, CsbAtok.Words, CsbKtoa.Words),
        (FieldsOf<NetmapSlot>(), FieldsOf<NetmapRingHeader>(), FieldsOf<NetmapInterfaceHeader>(), FieldsOf<CsbAtok>(),
            FieldsOf<CsbKtoa>()));

    [Fact]
    public void Structures_have_their_sizes() => Assert.Equal(
        (16, 256, 56, 8, 64, 64),
        (Unsafe.SizeOf<NetmapSlot>(), Unsafe.SizeOf<NetmapRingHeader>(), Unsafe.SizeOf<NetmapInterfaceHeader>(),
            Unsafe.SizeOf<SlotWord>(), Unsafe.SizeOf<CsbAtok>(), Unsafe.SizeOf<CsbKtoa>()));

    [Fact]
    public void Numbers_are_those_of_the_headers() => Assert.Equal(
        (14u, 16, 256, 56, 64, 64, 2u, 64),
        (NetmapAbi.Version, NetmapAbi.SlotSize, NetmapAbi.RingHeaderSize, NetmapAbi.InterfaceHeaderSize,
            NetmapAbi.CsbEntrySize, NetmapAbi.MaxCsbRings, NetmapAbi.FirstBuffer, NetmapAbi.MaxFragments));

    [Theory]
    [InlineData(SlotFlags.BufferChanged, 0x01)]
    [InlineData(SlotFlags.Report, 0x02)]
    [InlineData(SlotFlags.Forward, 0x04)]
    [InlineData(SlotFlags.NoLearn, 0x08)]
    [InlineData(SlotFlags.Indirect, 0x10)]
    [InlineData(SlotFlags.MoreFragments, 0x20)]
    [InlineData(SlotFlags.TxMonitor, 0x40)]
    public void Slot_flag_has_its_bit(SlotFlags flag, int bit) => Assert.Equal(bit, (int)flag);

    [Theory]
    [InlineData(RingDirection.Tx, 0)]
    [InlineData(RingDirection.Rx, 1)]
    public void Direction_has_its_number(RingDirection direction, int number) => Assert.Equal(number, (int)direction);

    [Fact]
    public void Offsets_for_emitted_code_are_those_of_the_fields() => Assert.Equal(
        (4, 6, 1 << NetmapSlot.SizeShift, 0, 4, 8, 4, 8),
        (NetmapSlot.LengthOffset, NetmapSlot.FlagsOffset, NetmapAbi.SlotSize, CsbAtok.HeadOffset, CsbAtok.CurOffset,
            CsbAtok.NeedKickOffset, CsbKtoa.HwTailOffset, CsbKtoa.NeedKickOffset));

    private static int FieldsOf<T>() => typeof(T).GetFields(BindingFlags.Instance | BindingFlags.Public).Length;
}
