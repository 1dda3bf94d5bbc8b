using Ptnetmap.HostPorts.Xdp;
using Ptnetmap.Linux;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.Tests.HostPorts;

public class FlowSteeringTests
{
    [Theory]
    [InlineData("everything", new FlowKind[0])]
    [InlineData("vlan=7", new[] { FlowKind.Ethernet })]
    [InlineData("udp=53", new[] { FlowKind.Udp4, FlowKind.Udp6 })]
    [InlineData("udp=53,tcp=53", new[] { FlowKind.Udp4, FlowKind.Udp6, FlowKind.Tcp4, FlowKind.Tcp6 })]
    [InlineData("ethertype=0x0800,tcp=80", new[] { FlowKind.Tcp4 })]
    [InlineData("ethertype=0x86dd,udp=80", new[] { FlowKind.Udp6 })]
    public void A_filter_becomes_a_rule_for_each_version_and_transport(string filter, FlowKind[] kinds) =>
        Assert.Equal(kinds, FlowSteering.RulesOf(NicFilter.Parse(filter), 3).Select(rule => rule.Kind));

    [Fact]
    public void A_rule_says_what_the_filter_says()
    {
        Assert.Equal(
            [
                new FlowRule
                {
                    Kind = FlowKind.Ethernet,
                    Queue = 3,
                    Mac = MacAddress.Read([0x52, 0x54, 0x00, 0x12, 0x34, 0x56]),
                    Vlan = 7,
                    EtherType = 0x0806,
                },
            ],
            FlowSteering.RulesOf(NicFilter.Parse("mac=52:54:00:12:34:56,vlan=7,ethertype=0x0806"), 3));
        Assert.Equal(
            [new FlowRule { Kind = FlowKind.Tcp4, Queue = 1, Vlan = 7, Port = 80 }],
            FlowSteering.RulesOf(NicFilter.Parse("vlan=7,tcp=80,ethertype=0x0800"), 1));
    }

    [Fact]
    public void What_no_rule_can_say_is_refused() => Assert.Contains(
        "none for a protocol alone",
        Assert.Throws<LinuxException>(() => FlowSteering.RulesOf(NicFilter.Parse("protocol=1"), 0)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_driver_without_rules_says_so()
    {
        Needs.Xdp();
        using var pair = new VethPair();
        using EthtoolDevice device = pair.LeftSpace.Run(() => new EthtoolDevice("left"));
        LinuxException refusal =
            Assert.Throws<LinuxException>(() => FlowSteering.Install(device, NicFilter.Parse("udp=53"), 0));
        Assert.Contains("the driver has no rules for queues", refusal.Message, StringComparison.Ordinal);
    }
}
