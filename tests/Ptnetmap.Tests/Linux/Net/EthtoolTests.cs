using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ptnetmap.Linux;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.Tests.Linux.Net;

public class EthtoolTests
{
    [Fact]
    public void Structures_are_laid_out_as_in_linux_ethtool_h()
    {
        Assert.Equal((192, 168, 196, 36), (
            Unsafe.SizeOf<EthtoolNative.Classification>(), Unsafe.SizeOf<EthtoolNative.FlowSpec>(),
            Unsafe.SizeOf<EthtoolNative.DriverInfo>(), Unsafe.SizeOf<EthtoolNative.Channels>()));
        Assert.Equal(40, Unsafe.SizeOf<EthtoolNative.Request>());
        var classification = default(EthtoolNative.Classification);
        Assert.Equal((16, 184), (Offset(ref classification, ref classification.Rule),
            Offset(ref classification, ref classification.RuleCount)));
    }

    [Fact]
    public void A_rule_of_a_port_is_in_its_places()
    {
        var rule = new FlowRule
        {
            Kind = FlowKind.Udp4,
            Queue = 5,
            Port = 0x1234,
            Mac = MacAddress.Read([0x52, 0x54, 0x00, 0x12, 0x34, 0x56]),
            Vlan = 7,
        };
        byte[] bytes = Bytes(rule);

        // struct ethtool_rx_flow_spec: 0 type, 4 values (10 destination port), 56 extension (2 MAC, 10 VLAN), 76 and
        // 128 the masks of both, 152 queue, 160 location.
        Assert.Equal(0xC000_0002u, MemoryMarshal.Read<uint>(bytes));
        Assert.Equal("1234", Hex(bytes, 4 + 10, 2));
        Assert.Equal("ffff", Hex(bytes, 76 + 10, 2));
        Assert.Equal("525400123456", Hex(bytes, 56 + 2, 6));
        Assert.Equal("ffffffffffff", Hex(bytes, 128 + 2, 6));
        Assert.Equal("0007", Hex(bytes, 56 + 10, 2));
        Assert.Equal("0fff", Hex(bytes, 128 + 10, 2));
        Assert.Equal(5ul, MemoryMarshal.Read<ulong>(bytes.AsSpan(152)));
        Assert.Equal(9u, MemoryMarshal.Read<uint>(bytes.AsSpan(160)));
        Assert.Equal("1234", Hex(Bytes(rule with { Kind = FlowKind.Udp6 }), 4 + 34, 2));
    }

    [Fact]
    public void A_rule_of_the_Ethernet_header_is_in_its_places()
    {
        byte[] bytes = Bytes(new FlowRule
        {
            Kind = FlowKind.Ethernet,
            Queue = 0,
            EtherType = 0x0806,
            Mac = MacAddress.Read([0x52, 0x54, 0x00, 0x12, 0x34, 0x56]),
        });
        Assert.Equal(0x12u, MemoryMarshal.Read<uint>(bytes));
        Assert.Equal("5254001234560000000000000806", Hex(bytes, 4, 14));
        Assert.Equal("ffffffffffff000000000000ffff", Hex(bytes, 76, 14));
    }

    [Fact]
    public void A_driver_tells_its_name_and_its_queues()
    {
        Needs.Xdp();
        using var pair = new VethPair(queues: 2);
        using EthtoolDevice device = pair.LeftSpace.Run(() => new EthtoolDevice("left"));
        Assert.Equal("veth", device.ReadDriver());
        Assert.Equal(2, device.TryReadChannels()?.Pairs);
    }

    [Fact]
    public void An_interface_that_is_not_there_is_told()
    {
        Needs.Xdp();
        using var space = NetworkNamespace.Create();
        using EthtoolDevice device = space.Run(() => new EthtoolDevice("nothing"));
        Assert.Contains("ETHTOOL_GDRVINFO(nothing)", Assert.Throws<LinuxException>(device.ReadDriver).Message,
            StringComparison.Ordinal);
        Assert.Null(device.TryReadChannels());
    }

    private static byte[] Bytes(FlowRule rule)
    {
        EthtoolNative.FlowSpec spec = rule.ToSpec(location: 9);
        return MemoryMarshal.AsBytes(new ReadOnlySpan<EthtoolNative.FlowSpec>(in spec)).ToArray();
    }

    private static string Hex(byte[] bytes, int at, int count) => Convert.ToHexStringLower(bytes, at, count);

    private static int Offset<T, TField>(ref T value, ref TField field) =>
        (int)Unsafe.ByteOffset(ref Unsafe.As<T, byte>(ref value), ref Unsafe.As<TField, byte>(ref field));
}
