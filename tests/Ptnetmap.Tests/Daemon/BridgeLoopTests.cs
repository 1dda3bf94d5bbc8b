using System.Text.Json;
using Ptnetmap.Daemon.Configuration;

namespace Ptnetmap.Tests.Daemon;

/// <summary>Bridges on which a broadcast would go round inside the daemon for ever: refused, whatever is
/// between.</summary>
public sealed class BridgeLoopTests
{
    [Theory]
    [InlineData("vale3:x vale3:y", "switch vale3")]
    [InlineData("vale0:a vale1:a, vale0:b vale1:b", "by vale0:a - vale1:a:")]
    [InlineData("vale0:a vale1:a, vale1:b vale0:b", "by vale0:a - vale1:a:")]
    [InlineData("vale0:a vale1:a, vale1:b vale2:a, vale2:b vale0:b", "by vale1:b - vale2:a, vale0:a - vale1:a:")]
    [InlineData("vale0:a vale1:a, vale2:a vale3:a, vale1:b vale2:b, vale3:b vale0:b", "switch vale3 and switch vale0")]
    [InlineData("p{1 p}1", "pipe p{1")]
    [InlineData("vale0:a p{1, p}1 vale0:b", "by vale0:a - p{1:")]
    [InlineData("vale0:a p{1, p}1 vale1:b, vale1:c vale0:c", "by p}1 - vale1:b, vale0:a - p{1:")]
    [InlineData("p{1 q{2, p}1 q}2", "by p{1 - q{2:")]
    public async Task The_bridge_that_closes_a_loop_is_refused_and_leaves_nothing(string bridges, string reason)
    {
        await using DaemonBed bed = await StartAsync();
        int ports = bed.Inventory.Ports.Count;
        string[] all = bridges.Split(", ");
        foreach (string bridge in all[..^1])
        {
            Assert.Equal(201, (await Post(bed, bridge)).Status);
            ports = bed.Inventory.Ports.Count;
        }

        (int status, JsonElement problem) = await Post(bed, all[^1]);
        Assert.Equal(409, status);
        Assert.Contains(reason, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal((ports, all.Length - 1), (bed.Inventory.Ports.Count, bed.Inventory.Bridges.Count));
    }

    [Theory]
    [InlineData("vale0:a vale1:a, vale1:b vale2:a, vale2:b vale3:a")]
    [InlineData("vale0:a vale1:a, vale2:b vale0:b, vale3:b vale0:c")]
    [InlineData("vale0:a p{1, p}1 vale1:a, vale1:b vale2:a")]
    [InlineData("vale0:a vale1:a, vale2:a vale3:a")]
    public async Task Chains_and_stars_are_connected(string bridges)
    {
        await using DaemonBed bed = await StartAsync();
        foreach (string bridge in bridges.Split(", "))
        {
            Assert.Equal(201, (await Post(bed, bridge)).Status);
        }
    }

    [Fact]
    public async Task Once_the_first_way_is_parted_there_may_be_a_second()
    {
        await using DaemonBed bed = await StartAsync();
        Assert.Equal(201, (await Post(bed, "vale0:a vale1:a")).Status);
        Assert.Equal(409, (await Post(bed, "vale0:b vale1:b")).Status);
        Assert.Equal(204, (await bed.Send(HttpMethod.Delete, "/v1/bridges/vale0:a")).Status);
        Assert.Equal(201, (await Post(bed, "vale0:b vale1:b")).Status);
    }

    [Theory]
    [InlineData("vale0:a vale0:a")]
    [InlineData("vale0:a vale0:a/R")]
    [InlineData("vale0:a@7 vale0:a")]
    [InlineData("netmap:eth9 netmap:eth9/x")]
    [InlineData("p{1 p{1/R")]
    public async Task A_port_is_not_connected_with_itself_however_it_is_spelled(string bridge)
    {
        await using DaemonBed bed = await StartAsync();
        (int status, JsonElement problem) = await Post(bed, bridge);
        Assert.Equal(400, status);
        Assert.Contains("itself", problem.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_is_refused_with_the_line_of_the_bridge_that_closes_the_loop()
    {
        var mistakes = Assert.Throws<ConfigException>(() => ConfigReader.Read(
            """
            [[bridge]]
            left = "vale0:a"
            right = "vale1:a"
            [[bridge]]
            left = "vale1:b"
            right = "vale2:b"
            [[bridge]]
            left = "vale2:c"
            right = "vale0:c"
            """,
            "f"));
        Assert.Contains("f:9: right: switch vale2 and switch vale0 are connected already", mistakes.Message,
            StringComparison.Ordinal);
    }

    // What is sent on a TAP's file arrives at its interface, and the other way round.
    [Theory]
    [InlineData("tap:x netmap:x", "the two sides of interface x")]
    [InlineData("netmap:x tap:x", "the two sides of interface x")]
    [InlineData("tap:x netmap:x-0", "the two sides of interface x")]
    [InlineData("tap:x vale0:a, netmap:x vale0:b", "by tap:x - vale0:a:")]
    [InlineData("tap:x vale0:a, vale0:b vale1:b, vale1:a netmap:x-1", "by vale0:b - vale1:b, tap:x - vale0:a:")]
    [InlineData("tap:x netmap:y, tap:y netmap:x", "by tap:x - netmap:y:")]
    [InlineData("tap:x netmap:x^", null)]
    [InlineData("tap:x netmap:y, tap:y vale0:a", null)]
    [InlineData("tap:x vale0:a, netmap:x vale1:a", null)]
    [InlineData("tap:x vale0:a, netmap:x-0 netmap:x-1", null)]
    [InlineData("netmap:x-0 vale0:a, netmap:x-1 vale0:b", null)]
    public void An_interface_of_which_the_daemon_has_both_sides_is_a_way_between_them(string bridges, string? reason)
    {
        (string Left, string Right)[] all =
            [.. bridges.Split(", ").Select(bridge => bridge.Split(' ')).Select(ends => (ends[0], ends[1]))];
        var sides = new InterfaceSides(_ => null);
        for (int i = 0; i < all.Length - 1; i++)
        {
            Assert.Null(BridgeLoops.Find(all[..i], all[i].Left, all[i].Right, sides));
        }

        string? found = BridgeLoops.Find(all[..^1], all[^1].Left, all[^1].Right, sides);
        Assert.Equal(reason is null, found is null);
        Assert.Contains(reason ?? "", found ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void Interfaces_are_told_apart_by_name_and_namespace_and_not_by_the_ports_names()
    {
        var hosts = new Dictionary<string, HostSettings?>
        {
            ["tap:a"] = new HostSettings { Interface = "x" },
            ["netmap:b"] = new HostSettings { Interface = "x" },
            ["netmap:c"] = new HostSettings { Interface = "x", Netns = "blue" },
            ["tap:d"] = new HostSettings { Interface = "x", Netns = "/run/netns/blue" },
        };
        var sides = new InterfaceSides(hosts.GetValueOrDefault);
        Assert.True(sides.AreJoined("tap:a", "netmap:b"));
        Assert.False(sides.AreJoined("tap:a", "netmap:c"));
        Assert.True(sides.AreJoined("netmap:c", "tap:d"));
        Assert.False(sides.AreJoined("tap:a", "netmap:a"));
    }

    [Fact]
    public async Task Both_sides_of_an_interface_are_not_connected_with_each_other()
    {
        Needs.Xdp();
        using var space = new NamedNamespace();
        await using DaemonBed bed = await StartAsync();
        foreach (string name in (string[])["tap:lp0", "netmap:lp0"])
        {
            bed.Inventory.AddPort(new PortSettings
            {
                Name = name,
                Domain = "d",
                Slots = 64,
                Transport = "none",
                Host = new HostSettings { Netns = space.Name },
            });
        }

        (int status, JsonElement problem) = await Post(bed, "tap:lp0 netmap:lp0");
        Assert.Equal(409, status);
        Assert.Contains("the two sides of interface lp0", problem.GetProperty("detail").GetString(),
            StringComparison.Ordinal);
    }

    private static async Task<DaemonBed> StartAsync()
    {
        DaemonBed bed = await DaemonBed.Start();
        bed.Inventory.AddDomain(new DomainSettings { Name = "d", Ports = 12, Slots = 64 });
        foreach (string pipe in (string[])["p{1", "q{2"])
        {
            bed.Inventory.AddPipe(new PipeSettings
            {
                Name = pipe,
                Domain = "d",
                Slots = 64,
                Master = new EndSettings { Transport = "none" },
                Slave = new EndSettings { Transport = "none" },
            });
        }

        return bed;
    }

    private static Task<(int Status, JsonElement Body)> Post(DaemonBed bed, string bridge)
    {
        string[] ends = bridge.Split(' ');
        bool areThere = bed.Inventory.Ports.Count(port => ends.Contains(port.Name)) == 2;
        var body = new Dictionary<string, object> { ["left"] = ends[0], ["right"] = ends[1] };
        if (!areThere)
        {
            (body["slots"], body["domain"]) = (64, "d");
        }

        return bed.Post("/v1/bridges", JsonSerializer.Serialize(body));
    }
}
