namespace Ptnetmap.Tests.Abi;

/// <summary>Frames' heads, byte by byte as IEEE 802.3 and 802.1Q have them.</summary>
public class EthernetTests
{
    private static readonly byte[] Addresses = [0x02, 1, 2, 3, 4, 5, 0x06, 7, 8, 9, 10, 11];

    [Theory]
    [InlineData(new byte[] { 0x08, 0x00 }, 14, 0x0800)]
    [InlineData(new byte[] { 0x81, 0x00, 0x30, 0x64, 0x86, 0xDD }, 18, 0x86DD)]
    [InlineData(new byte[] { 0x88, 0xA8, 0, 1, 0x81, 0x00, 0, 2, 0x08, 0x00 }, 22, 0x0800)]
    [InlineData(new byte[] { 0x81, 0x00, 0, 1, 0x81, 0x00, 0, 2, 0x81, 0x00, 0, 3, 0x08, 0x00 }, 22, 0x8100)]
    [InlineData(new byte[] { 0x81, 0x00, 0, 1 }, 14, 0x8100)]
    public void The_payload_is_behind_two_tags_at_most(byte[] rest, int offset, int type)
    {
        Assert.Equal(offset, Ethernet.FindPayload([.. Addresses, .. rest], out ushort found));
        Assert.Equal(type, found);
    }

    [Theory]
    [InlineData(new byte[] { 0x81, 0x00, 0xF0, 0x64 }, 0x64)]
    [InlineData(new byte[] { 0x81, 0x00, 0xEF, 0xFF }, 0xFFF)]
    [InlineData(new byte[] { 0x88, 0xA8, 0x00, 0x64 }, 0)]
    [InlineData(new byte[] { 0x08, 0x00, 0x45, 0x00 }, 0)]
    public void A_head_has_its_fields_where_they_are_on_the_wire(byte[] rest, int vlan)
    {
        EthernetHead head = EthernetHead.Read([.. Addresses, .. rest]);
        Assert.Equal(("02:01:02:03:04:05", "06:07:08:09:0a:0b"), (head.Destination.ToString(), head.Source.ToString()));
        Assert.Equal((rest[0] << 8) | rest[1], head.EtherType);
        Assert.Equal((rest[2] << 8) | rest[3], head.AfterType);
        Assert.Equal(vlan, head.VlanId);
    }

    [Fact]
    public void Numbers_are_those_of_the_standards() => Assert.Equal(
        (14, 12, 4, 0x0FFF, 0x0800, 0x86DD, 0x8100, 0x88A8),
        (Ethernet.HeaderLength, Ethernet.TypeOffset, Ethernet.TagLength, (int)Ethernet.VlanIdMask, (int)Ethernet.Ipv4,
            (int)Ethernet.Ipv6, (int)Ethernet.CustomerTag, (int)Ethernet.ServiceTag));
}
