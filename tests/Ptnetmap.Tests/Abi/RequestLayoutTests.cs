using System.Runtime.InteropServices;

namespace Ptnetmap.Tests.Abi;

/// <summary>Structures and numbers of <c>NIOCCTRL</c>, written out again from <c>sys/net/netmap.h</c> (version
/// 14).</summary>
public class RequestLayoutTests
{
    [Fact]
    public void Fields_are_at_their_offsets()
    {
        Check<RequestHeader>(88, ("Version", 0), ("Type", 2), ("Name", 8), ("Options", 72), ("Body", 80));
        Check<RequestOption>(24, ("Next", 0), ("Type", 8), ("Status", 12), ("Size", 16));
        Check<RegisterRequest>(
            56, ("InterfaceOffset", 0), ("MemorySize", 8), ("TxSlots", 16), ("RxSlots", 20), ("TxRings", 24),
            ("RxRings", 26),
            ("HostTxRings", 28), ("HostRxRings", 30), ("MemoryId", 32), ("RingId", 34), ("Mode", 36),
            ("ExtraBuffers", 40),
            ("Flags", 48));
    }

    [Fact]
    public void A_command_says_its_direction_size_and_number() => Assert.Equal(
        (0xC000_0000u | (88u << 16) | ('i' << 8) | 151, ('i' << 8) | 148, ('i' << 8) | 149, 64),
        (RequestHeader.Control, (int)RequestHeader.TxSync, (int)RequestHeader.RxSync, RequestHeader.NameSize));

    [Theory]
    [InlineData(RequestType.Register, 1)]
    [InlineData(RequestType.PortInfo, 2)]
    [InlineData(RequestType.ValeAttach, 3)]
    [InlineData(RequestType.ValeDetach, 4)]
    [InlineData(RequestType.ValeList, 5)]
    [InlineData(RequestType.SetHeaderLength, 6)]
    [InlineData(RequestType.HeaderLength, 7)]
    [InlineData(RequestType.ValeNewPort, 8)]
    [InlineData(RequestType.ValeDeletePort, 9)]
    [InlineData(RequestType.ValePollingOn, 10)]
    [InlineData(RequestType.ValePollingOff, 11)]
    [InlineData(RequestType.PoolsInfo, 12)]
    [InlineData(RequestType.LoopStart, 13)]
    [InlineData(RequestType.LoopStop, 14)]
    [InlineData(RequestType.CsbEnable, 15)]
    public void A_type_has_its_number(RequestType type, int number) => Assert.Equal(number, (int)type);

    [Fact]
    public void Modes_have_their_numbers() => Assert.Equal(
        [0, 1, 2, 3, 4, 5, 6, 7, 8],
        Enum.GetValues<RegisterMode>().Select(mode => (int)mode));

    [Fact]
    public void Flags_have_their_bits() => Assert.Equal(
        [0, 0x100, 0x200, 0x400, 0x800, 0x2000, 0x4000, 0x8000, 0x1_0000, 0x2_0000],
        Enum.GetValues<RegisterFlags>().Select(flag => (int)flag));

    private static void Check<T>(int size, params (string Field, int Offset)[] fields)
        where T : struct
    {
        Assert.Equal(size, Marshal.SizeOf<T>());
        Assert.Equal(fields.Length, typeof(T).GetFields(
            System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Public).Length);
        Assert.All(fields, field => Assert.Equal(field.Offset, (int)Marshal.OffsetOf<T>(field.Field)));
    }
}
