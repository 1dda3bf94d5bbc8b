using System.Text.Json;
using Ptnetmap.Daemon.Running;
using Ptnetmap.Daemon.Transports;

namespace Ptnetmap.Tests.Daemon;

public class ThreadGuestTests
{
    private const int Packets = 200_000;

    [Fact]
    public async Task Packets_go_through_a_pipe_and_are_counted_everywhere()
    {
        await using DaemonBed bed = await DaemonBed.Start();
        await MakeTraffic(bed);

        JsonElement receiver = await bed.Get("/v1/ports/p%7D1");
        JsonElement guest = receiver.GetProperty("guest");
        Assert.Equal((Packets, 0, 0), (
            guest.GetProperty("packets").GetInt32(), guest.GetProperty("lost").GetInt32(), guest.GetProperty("damaged")
                .GetInt32()));
        Assert.Equal("receive: finished", receiver.GetProperty("note").GetString());
        JsonElement stats = Assert.Single((await bed.Get("/v1/stats/p%7B1")).GetProperty("ports").EnumerateArray());
        Assert.Equal(Packets, stats.GetProperty("rings")[0].GetProperty("packets").GetInt32());
        string metrics = await bed.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        Assert.Contains(
            $"\nptnet_ring_packets_total{{port=\"p}}1\",ring=\"0\",direction=\"rx\"}} {Packets}\n", metrics,
            StringComparison.Ordinal);
        Assert.Contains("\nptnet_port_guest{port=\"p{1\"} 1\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_are_well_formed_and_have_a_line_for_every_ring_and_reason()
    {
        await using DaemonBed bed = await DaemonBed.Start();
        _ = await bed.Post("/v1/ports", """{"name":"vale0:a","rings":3,"slots":64}""");
        _ = await bed.Post("/v1/domains", """{"name":"a\"b\\c"}""");

        string[] lines = (await bed.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken)).Split('\n');

        Assert.Equal("", lines[^1]);
        Assert.All(lines[..^1], line =>
            Assert.Matches("""^(# (HELP|TYPE) ptnet_\w+ .+|ptnet_\w+(\{(\w+="([^"\\]|\\.)*",?)+\})? \d+)$""", line));
        Assert.Equal(6, lines.Count(line => line.StartsWith("ptnet_ring_packets_total{", StringComparison.Ordinal)));
        Assert.Equal(
            3 * Enum.GetValues<Ptnetmap.Ports.Rings.DropReason>().Length,
            lines.Count(line => line.StartsWith("ptnet_ring_dropped_packets_total{", StringComparison.Ordinal)));
        Assert.Contains("""ptnet_domain_free_buffers{domain="a\"b\\c"} 2048""", lines);
        Assert.Contains("""ptnet_domain_populated_bytes{domain="a\"b\\c"} 0""", lines);
        string[] families = [.. lines.Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal))
            .Select(line => line.Split(' ')[2])];
        Assert.Equal(families.Length, families.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task A_guest_is_taken_off_and_let_in_again()
    {
        await using DaemonBed bed = await DaemonBed.Start();
        await MakeTraffic(bed);
        ServedPort port = bed.Inventory.FindPort("p}1");
        Assert.True(port.HasGuest);

        Assert.Equal(409, (await bed.Post("/v1/ports/p%7D1/attach", """{"program":"echo"}""")).Status);
        (int status, JsonElement shown) = await bed.Post("/v1/ports/p%7D1/detach");

        Assert.Equal((200, "detached"), (status, shown.GetProperty("state").GetString()));
        Assert.False(port.HasGuest);
        Assert.Equal(TransportState.Detached, port.Transport.State);
        (_, shown) = await bed.Post("/v1/ports/p%7D1/attach");
        Assert.Equal("attached", shown.GetProperty("state").GetString());
        Assert.True(port.HasGuest);
        Assert.Equal(204, (await bed.Send(HttpMethod.Delete, "/v1/pipes/p%7B1")).Status);
    }

    [Fact]
    public async Task A_daemon_that_stops_under_full_traffic_leaves_nothing()
    {
        string directory;
        await using (DaemonBed bed = await DaemonBed.Start())
        {
            directory = bed.RunDirectory;
            _ = await bed.Post("/v1/pipes",
                """{"name":"p{1","slave":{"guest":{"program":"receive"}},"master":{"guest":{"program":"send"}}}""");
            ServedPort receiver = bed.Inventory.FindPort("p}1");
            SpinWait.SpinUntil(() => receiver.Transport.Guest?.Packets > 0);
        }

        Assert.False(Directory.Exists(directory));
    }

    private static async Task MakeTraffic(DaemonBed bed)
    {
        _ = await bed.Post("/v1/pipes", """{"name":"p{1"}""");
        _ = await bed.Post("/v1/ports/p%7D1/attach", $$"""{"program":"receive","verify":true,"packets":{{Packets}}}""");
        _ = await bed.Post("/v1/ports/p%7B1/attach", $$"""{"program":"send","packets":{{Packets}}}""");
        ServedPort receiver = bed.Inventory.FindPort("p}1");
        Assert.True(SpinWait.SpinUntil(() => receiver.Transport.Guest?.Packets == Packets, TimeSpan.FromSeconds(60)));
    }
}
