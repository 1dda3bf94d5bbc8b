using System.Text.Json;
using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Daemon.Running;
using Ptnetmap.Tests.HostPorts;

namespace Ptnetmap.Tests.Daemon;

/// <summary>Ports of the host, and ports that are connected with each other, in a daemon.</summary>
public sealed class BridgeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_capture_is_replayed_through_a_switch_into_another_and_nothing_is_left()
    {
        await using DaemonBed bed = await DaemonBed.Start();
        byte[][] frames = [.. Enumerable.Range(0, 500)
            .Select(i => (byte[])[2, 0, 0, 0, 0, 9, 2, 0, 0, 0, 0, 1, 8, 0, (byte)i, (byte)(i >> 8), .. new byte[50]])];
        File.WriteAllBytes(_folder["in"], CaptureFile.Classic(CaptureFile.Nanoseconds, false, frames));

        Assert.Equal(201, (await Post(bed, $"pcap:-,{_folder["out"]}", "vale0:sink")).Status);
        (int status, JsonElement made) = await Post(bed, $"pcap:{_folder["in"]},-", "vale0:source");
        Assert.Equal((201, 2), (status, made.GetProperty("made").GetArrayLength()));
        ServedPort sink = bed.Inventory.FindPort($"pcap:-,{_folder["out"]}");
        Assert.True(SpinWait.SpinUntil(() => sink.Port.TxRings[0].Counters.Packets == frames.Length,
            TimeSpan.FromSeconds(60)));

        string path = $"/v1/ports/{Uri.EscapeDataString($"pcap:{_folder["in"]},-")}";
        JsonElement shown = await bed.Get(path);
        Assert.Equal("vale0:source", shown.GetProperty("bridge").GetString());
        Assert.Equal(("pcap", "replayed"), (shown.GetProperty("host").GetProperty("mode").GetString(),
            shown.GetProperty("host").GetProperty("note").GetString()));
        Assert.Equal(2, (await bed.Get("/v1/bridges")).GetArrayLength());
        Assert.Contains("ptnet_port_link_up",
            await bed.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken), StringComparison.Ordinal);

        Assert.Equal(409, (await bed.Send(HttpMethod.Delete, "/v1/ports/vale0:source")).Status);
        Assert.Equal(204, (await bed.Send(HttpMethod.Delete, "/v1/bridges/vale0:source")).Status);
        Assert.Equal(204, (await bed.Send(HttpMethod.Delete, "/v1/bridges/vale0:sink")).Status);
        Assert.Empty(bed.Inventory.Ports);
        Assert.Empty(bed.Inventory.Domains);
        Assert.Equal(24 + (frames.Length * (16 + 66)), new FileInfo(_folder["out"]).Length);
    }

    [Fact]
    public async Task A_port_that_is_on_a_switch_is_not_told_that_another_one_has_no_room()
    {
        await using DaemonBed bed = await DaemonBed.Start();
        string port = $"pcap:-,{_folder["out"]}";
        Assert.Equal(201, (await Post(bed, port, "vale0:sink")).Status);

        (int status, JsonElement problem) = await Post(bed, port, "vale1:sink");

        Assert.Equal(409, status);
        Assert.Contains($"{port} is connected with vale0:sink; part them first",
            problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ports_that_are_there_stay_when_their_bridge_goes()
    {
        await using DaemonBed bed = await DaemonBed.Start();
        bed.Inventory.AddDomain(new DomainSettings { Name = "d", Ports = 4, Slots = 1024 });
        foreach (string name in (string[])["vale0:a", "vale1:a"])
        {
            bed.Inventory.AddPort(new PortSettings { Name = name, Domain = "d", Slots = 1024, Transport = "none" });
        }

        Assert.Equal(201, (await Post(bed, "vale0:a", "vale1:a")).Status);
        Assert.Equal(409, (await Post(bed, "vale0:a", "vale1:b")).Status);
        Assert.Equal(409, (await bed.Post("/v1/ports/vale0:a/attach", """{"program":"receive"}""")).Status);
        Assert.Equal(204, (await bed.Send(HttpMethod.Delete, "/v1/bridges/vale1:a")).Status);
        Assert.Equal(2, bed.Inventory.Ports.Count);
        Assert.Equal(200, (await bed.Post("/v1/ports/vale0:a/attach", """{"program":"receive"}""")).Status);
        Assert.Equal(409, (await Post(bed, "vale0:a", "vale1:a")).Status);
    }

    [Theory]
    [InlineData("vale0:a", "vale0:a", 400, "itself")]
    [InlineData("tap:", "vale0:a", 400, "interface's name")]
    [InlineData("pcap:/nowhere/in,-", "vale0:a", 400, "/nowhere/in")]
    [InlineData("pcap:/,-", "vale0:a", 400, "/ is a directory")]
    [InlineData("pcap:in", "vale0:a", 400, "a file to replay")]
    public async Task What_cannot_be_connected_is_refused_and_nothing_is_left(string left, string right, int status,
        string reason)
    {
        await using DaemonBed bed = await DaemonBed.Start();
        (int answered, JsonElement problem) = await Post(bed, left, right);
        Assert.Equal(status, answered);
        Assert.Contains(reason, problem.GetRawText().Replace("\\u0027", "'", StringComparison.Ordinal),
            StringComparison.Ordinal);
        Assert.Empty(bed.Inventory.Ports);
        Assert.Empty(bed.Inventory.Domains);
    }

    [Fact]
    public void A_file_says_it_all_and_every_mistake_in_it_is_told_at_once()
    {
        DaemonSettings settings = ConfigReader.Read(
            """
            [[port]]
            name = "tap:x"
            [port.host]
            netns = "blue"
            mtu = 9000
            persistent = true

            [[bridge]]
            left = "pcap:in,-"
            right = "vale0:in"
            slots = 256
            [bridge.host]
            loops = 0
            recorded_times = true
            """,
            "f");
        Assert.Equal(new HostSettings { Netns = "blue", Mtu = 9000, Persistent = true },
            Assert.Single(settings.Ports).Host);
        BridgeSettings bridge = Assert.Single(settings.Bridges);
        Assert.Equal(("pcap:in,-", "vale0:in", 256), (bridge.Left, bridge.Right, bridge.Slots));
        Assert.Equal(new HostSettings { Loops = 0, RecordedTimes = true }, bridge.Host);

        var mistakes = Assert.Throws<ConfigException>(() => ConfigReader.Read(
            """
            [[port]]
            name = "vale0:x"
            [port.host]
            mtu = 1

            [[bridge]]
            left = "tap:a"
            right = "tap:b/t"
            [bridge.host]
            mac = "01:00:00:00:00:00"
            speed = 3
            [[bridge]]
            left = "tap:a"
            right = "tap:c"
            """,
            "f"));
        Assert.All(
            ["only ports of the host", "limits 68 to", "expected the end", "no interface's address", "'speed'",
                "end of a bridge 'tap:a' is taken"],
            part => Assert.Contains(part, mistakes.Message, StringComparison.Ordinal));
    }

    private static Task<(int Status, JsonElement Body)> Post(DaemonBed bed, string left, string right) =>
        bed.Post("/v1/bridges", JsonSerializer.Serialize(
            new Dictionary<string, object> { ["left"] = left, ["right"] = right, ["slots"] = 1024 }));
}
