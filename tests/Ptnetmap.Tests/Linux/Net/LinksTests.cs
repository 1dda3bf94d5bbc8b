using System.Net;
using System.Net.Sockets;
using Ptnetmap.Linux;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.Tests.Linux.Net;

/// <summary>Interfaces in namespaces of the test's own.</summary>
public class LinksTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public void A_new_namespace_has_a_loopback_that_is_down_and_nothing_else()
    {
        Needs.Xdp();
        using var space = NetworkNamespace.Create();
        using Links links = space.Run(() => new Links());
        LinkInfo only = Assert.Single(links.List());
        Assert.Equal(("lo", false, 1), (only.Name, only.IsUp, only.Index));
    }

    [Fact]
    public void A_veth_pair_is_described()
    {
        Needs.Xdp();
        using var pair = new VethPair(queues: 3);
        LinkInfo left = pair.LeftLinks.TryGet("left")!;
        Assert.Equal(left, pair.LeftLinks.TryGet(pair.Left));
        Assert.Equal(("left", "veth", 1500, 3, 3),
            (left.Name, left.Kind, left.Mtu, left.ReceiveQueues, left.TransmitQueues));
        Assert.True(left.IsUp && left.HasCarrier && !left.IsPromiscuous);
        Assert.Equal(OperationalState.Up, left.State);
        Assert.Equal((0u, 0), (left.XdpProgramId, left.XdpAttached));
        Assert.True(left.Mac is { IsValid: true });
    }

    [Fact]
    public void A_bridge_carries_what_comes_in_at_its_ports()
    {
        Needs.Xdp();
        using var pair = new VethPair();
        Links links = pair.RightLinks;
        pair.LeftLinks.AddAddress(pair.Left, IPAddress.Parse("10.9.0.1"), 24);
        links.CreateBridge("bridge");
        LinkInfo bridge = links.TryGet("bridge")!;
        Assert.Equal(("bridge", false), (bridge.Kind, bridge.IsUp));
        links.Enslave(pair.Right, bridge.Index);
        links.SetUp(bridge.Index);
        links.AddAddress(bridge.Index, IPAddress.Parse("10.9.0.2"), 24);
        using Socket here = pair.LeftSpace.Run(() => Bound("10.9.0.1"));
        using Socket there = pair.RightSpace.Run(() => Bound("10.9.0.2"));
        there.ReceiveTimeout = (int)Deadline.TotalMilliseconds;
        Assert.Equal(3, here.SendTo(new byte[3], there.LocalEndPoint!));
        Assert.Equal(3, there.Receive(new byte[9]));
    }

    [Fact]
    public void Counters_of_an_interface_grow_with_its_traffic()
    {
        Needs.Xdp();
        using var space = NetworkNamespace.Create();
        using Links links = space.Run(() => new Links());
        links.SetUp(links.TryGet("lo")!.Index);
        LinkStatistics before = links.TryGet("lo")!.Statistics!;
        Assert.Equal(new LinkStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0), before);
        space.Run(() =>
        {
            using var socket = new System.Net.Sockets.UdpClient(0, System.Net.Sockets.AddressFamily.InterNetwork);
            Assert.Equal(100, socket.Send(new byte[100], "127.0.0.1", 9));
        });

        // The datagram of 20 + 8 + 100 bytes, and in 20 + 8 bytes the answer that nobody listens, with the datagram in
        // it. The loopback counts no Ethernet header.
        LinkStatistics after = links.TryGet("lo")!.Statistics!;
        Assert.Equal(new LinkStatistics(2, 2, 128 + 156, 128 + 156, 0, 0, 0, 0, 0, 0), after);
    }

    [Fact]
    public void What_is_not_there_is_null_and_deleting_it_false()
    {
        Needs.Xdp();
        using var space = NetworkNamespace.Create();
        using Links links = space.Run(() => new Links());
        Assert.Null(links.TryGet("nothing"));
        Assert.Null(links.TryGet(77));
        Assert.False(links.TryDelete(77));
    }

    [Theory]
    [InlineData("")]
    [InlineData("sixteen-letters-")]
    [InlineData("a/b")]
    [InlineData("a b")]
    public void A_name_that_is_none_is_refused(string name)
    {
        using var links = new Links();
        LinuxException refusal = Assert.Throws<LinuxException>(() => links.TryGet(name));
        Assert.Contains("1 to 15 ASCII characters", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MTU_MAC_and_state_are_set_and_a_wrong_one_is_refused_in_the_kernel_s_words()
    {
        Needs.Xdp();
        using var pair = new VethPair();
        var mac = MacAddress.Read([0x52, 0x54, 0, 0, 0, 7]);
        pair.LeftLinks.SetMtu(pair.Left, 3000);
        pair.LeftLinks.SetMac(pair.Left, mac);
        pair.LeftLinks.SetUp(pair.Left, up: false);
        LinkInfo left = pair.LeftLinks.TryGet(pair.Left)!;
        Assert.Equal((3000, mac, false), (left.Mtu, left.Mac, left.IsUp));
        Assert.False(pair.RightLinks.TryGet(pair.Right)!.HasCarrier);
        LinuxException refusal = Assert.Throws<LinuxException>(() => pair.LeftLinks.SetMtu(pair.Left, 1 << 20));
        Assert.Contains("the kernel says: mtu greater than device maximum", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interface_moves_to_another_namespace()
    {
        Needs.Xdp();
        using var pair = new VethPair();
        using var third = NetworkNamespace.Create();
        using Links links = third.Run(() => new Links());
        pair.LeftLinks.Move(pair.Left, third);
        Assert.Null(pair.LeftLinks.TryGet("left"));
        Assert.Equal("veth", links.TryGet("left")?.Kind);
        Assert.True(links.TryDelete(links.TryGet("left")!.Index));
        Assert.Null(pair.RightLinks.TryGet("right"));
    }

    [Fact]
    public void Changes_and_the_end_of_an_interface_are_told()
    {
        Needs.Xdp();
        using var pair = new VethPair();
        using LinkEvents events = pair.LeftSpace.Run(() => new LinkEvents());
        Assert.False(events.TryRead(out _));
        pair.LeftLinks.SetMtu(pair.Left, 1400);
        Assert.Equal(1400, Next(events, LinkEventKind.Changed, link => link.Mtu == 1400).Mtu);
        pair.RightLinks.SetUp(pair.Right, up: false);
        Assert.True(Next(events, LinkEventKind.Changed, link => !link.HasCarrier).IsUp);
        pair.LeftLinks.SetUp(pair.Left, up: false);
        Assert.Equal("left", Next(events, LinkEventKind.Changed, link => !link.IsUp).Name);
        Assert.True(pair.LeftLinks.TryDelete(pair.Left));
        Assert.Equal(pair.Left, Next(events, LinkEventKind.Gone, _ => true).Index);
    }

    [Fact]
    public void Promiscuous_mode_lasts_as_long_as_its_holder()
    {
        Needs.Xdp();
        using var pair = new VethPair();
        using (PromiscuousMode mode = pair.LeftSpace.Run(() => PromiscuousMode.Enable(pair.Left)))
        {
            Assert.Equal(1, pair.LeftLinks.TryGet("left")!.Promiscuity);
        }

        Assert.Equal(0, pair.LeftLinks.TryGet("left")!.Promiscuity);
        Assert.Throws<LinuxException>(() => pair.LeftSpace.Run(() => PromiscuousMode.Enable(77)));
    }

    [Fact]
    public void The_thread_that_a_namespace_is_used_on_is_not_the_caller_s()
    {
        Needs.Xdp();
        using var space = NetworkNamespace.Create();
        static string Id() => File.ResolveLinkTarget("/proc/thread-self/ns/net", returnFinalTarget: false)!.Name;
        string before = Id();
        Assert.NotEqual(before, space.Run(Id));
        Assert.Equal(before, Id());
        Assert.Throws<FormatException>(() => space.Run(() => throw new FormatException("comes through")));
        Assert.Contains(
            "open(/run/netns/none-of-this-name)",
            Assert.Throws<LinuxException>(() => NetworkNamespace.OpenNamed("none-of-this-name")).Message,
            StringComparison.Ordinal);
    }

    private static LinkInfo Next(LinkEvents events, LinkEventKind kind, Func<LinkInfo, bool> wanted)
    {
        LinkInfo? found = null;
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                while (events.TryRead(out LinkEvent happened))
                {
                    if (happened.Kind == kind && happened.Link is { } link && wanted(link))
                    {
                        found = link;
                        return true;
                    }
                }

                _ = Poll.WaitAny([events.Descriptor.Number], TimeSpan.FromSeconds(1));
                return false;
            },
            Deadline));
        return found!;
    }

    private static Socket Bound(string address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
        return socket;
    }
}
