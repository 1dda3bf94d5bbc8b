using Ptnetmap.HostPorts.Xdp;


namespace Ptnetmap.Tests.HostPorts;

public class NicFilterTests
{
    [Fact]
    public void Every_part_is_read()
    {
        NicFilter filter = NicFilter.Parse("mac=52:54:0:12:34:5f, vlan=4094,ethertype=0x86dd,udp=53,tcp=0x50");
        Assert.Equal(
            new NicFilter
            {
                Mac = MacAddress.Read([0x52, 0x54, 0x00, 0x12, 0x34, 0x5F]),
                Vlan = 4094,
                EtherType = 0x86DD,
                UdpPort = 53,
                TcpPort = 80,
            },
            filter);
        Assert.Equal("mac=52:54:00:12:34:5f,vlan=4094,ethertype=0x86dd,udp=53,tcp=80", filter.ToString());
    }

    [Theory]
    [InlineData("everything")]
    [InlineData("protocol=58")]
    [InlineData("vlan=1")]
    [InlineData("ethertype=0x0800,protocol=1")]
    public void The_text_form_is_read_back(string text) => Assert.Equal(text, NicFilter.Parse(text).ToString());

    [Theory]
    [InlineData("", "''")]
    [InlineData("all", "'all'")]
    [InlineData("port=5", "'port=5'")]
    [InlineData("udp=0", "'udp=0'")]
    [InlineData("udp=65536", "'udp=65536'")]
    [InlineData("udp=-1", "'udp=-1'")]
    [InlineData("udp=1,", "''")]
    [InlineData("tcp=", "'tcp='")]
    [InlineData("tcp=0x", "'tcp=0x'")]
    [InlineData("vlan=0", "'vlan=0'")]
    [InlineData("vlan=4095", "'vlan=4095'")]
    [InlineData("ethertype=1500", "'ethertype=1500'")]
    [InlineData("protocol=256", "'protocol=256'")]
    [InlineData("mac=52:54:00:12:34", "'mac=52:54:00:12:34'")]
    [InlineData("mac=52:54:00:12:34:5g", "'mac=52:54:00:12:34:5g'")]
    [InlineData("mac=52:54:00:12:34:+5", "'mac=52:54:00:12:34:+5'")]
    [InlineData("udp=1,udp=2", "udp stands in it twice")]
    [InlineData("protocol=6,tcp=1", "said by udp and tcp already")]
    [InlineData("ethertype=0x0806,udp=1", "only IPv4")]
    public void What_is_no_filter_is_refused_with_what_is_allowed(string text, string names)
    {
        string refusal = Assert.Throws<FormatException>(() => NicFilter.Parse(text)).Message;
        Assert.Contains(names, refusal, StringComparison.Ordinal);
        Assert.Contains("mac=52:54:00:12:34:56, vlan=1..4094", refusal, StringComparison.Ordinal);
    }
}
