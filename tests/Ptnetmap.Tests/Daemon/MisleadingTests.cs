using System.Text.Json;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Tests.Daemon;

/// <summary>What was answered as done though nothing was, or something else.</summary>
public sealed class MisleadingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Capture => $"pcap:-,{_folder["out"]}";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_port_that_is_connected_has_no_guest_to_detach()
    {
        await using DaemonBed bed = await DaemonBed.Start();
        Assert.Equal(201, (await Connect(bed, Capture, "vale0:sink")).Status);
        foreach (string port in (string[])["vale0:sink", Uri.EscapeDataString(Capture)])
        {
            (int status, JsonElement problem) = await bed.Post($"/v1/ports/{port}/detach");
            Assert.Equal(409, status);
            Assert.Contains("ptnet bridge rm", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }

        _ = Assert.Single(bed.Inventory.Bridges);
    }

    [Fact]
    public async Task What_is_on_one_switch_is_not_taken_off_another()
    {
        await using DaemonBed bed = await DaemonBed.Start();
        Assert.Equal(201, (await Connect(bed, Capture, "vale0:sink")).Status);
        string path = $"/v1/bridges/{Uri.EscapeDataString(Capture)}";

        (int status, JsonElement problem) = await bed.Send(HttpMethod.Delete, $"{path}?switch=vale9");
        Assert.Equal(409, status);
        Assert.Contains("not on vale9, it is on vale0", problem.GetProperty("detail").GetString(),
            StringComparison.Ordinal);
        Assert.Contains($"ptnet switch detach vale0 {Capture}", problem.GetProperty("detail").GetString(),
            StringComparison.Ordinal);
        _ = Assert.Single(bed.Inventory.Bridges);
        Assert.Equal(204, (await bed.Send(HttpMethod.Delete, $"{path}?switch=vale0")).Status);
        Assert.Empty(bed.Inventory.Bridges);
    }

    [Fact]
    public async Task What_is_on_no_switch_is_taken_off_none()
    {
        await using DaemonBed bed = await DaemonBed.Start();
        Assert.Equal(201, (await Connect(bed, $"pcap:-,{_folder["a"]}", $"pcap:-,{_folder["b"]}")).Status);
        (int status, JsonElement problem) = await bed.Send(
            HttpMethod.Delete, $"/v1/bridges/{Uri.EscapeDataString($"pcap:-,{_folder["a"]}")}?switch=vale0");
        Assert.Equal(409, status);
        Assert.Contains("ptnet bridge rm", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_guest_left_unread_is_not_sent_over_a_bridge_and_stays_where_there_is_none()
    {
        await using DaemonBed bed = await DaemonBed.Start();
        _ = await bed.Post("/v1/ports", """{"name":"vale0:a","slots":64,"transport":"none"}""");
        _ = await bed.Post("/v1/domains", """{"name":"d","ports":3,"slots":64}""");
        _ = await bed.Post("/v1/ports", """{"name":"vale1:a","slots":64,"domain":"d","transport":"none"}""");
        Kring rx = bed.Inventory.FindPort("vale1:a").Port.RxRings[0];
        rx.Fill(5, 5);

        Assert.Equal(409, (await bed.Post("/v1/bridges", """{"left":"vale1:a","right":"vale0:a"}""")).Status);
        Assert.Equal(5u, rx.Ring.Distance(rx.Head, rx.HwTail));
        Assert.Equal(201,
            (await bed.Post("/v1/bridges", """{"left":"vale1:a","right":"vale2:a","slots":64}""")).Status);
        Assert.Equal((0u, 5), (rx.Ring.Distance(rx.Head, rx.HwTail), rx.Counters.Drops.Of(DropReason.Unread)));
    }

    private static Task<(int Status, JsonElement Body)> Connect(DaemonBed bed, string left, string right) => bed.Post(
        "/v1/bridges", JsonSerializer.Serialize(
            new Dictionary<string, object> { ["left"] = left, ["right"] = right, ["slots"] = 64 }));
}
