using System.Text.Json;

namespace Ptnetmap.Tests.Daemon;

/// <summary>The region that a port has for itself is no trust domain for others: it is neither offered nor taken, and
/// what is said where it has no room is what helps.</summary>
public sealed class PrivateRegionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_is_not_offered()
    {
        await using DaemonBed bed = await StartAsync();

        Assert.Equal("no trust domain 'x'; there is none",
            await RefusalAsync(bed, "/v1/ports", """{"name":"vale0:b","domain":"x"}""", 404));
        _ = await bed.Post("/v1/domains", """{"name":"d","slots":64}""");
        Assert.Equal("no trust domain 'x'; there is d",
            await RefusalAsync(bed, "/v1/pipes", """{"name":"p{1","domain":"x"}""", 404));
    }

    [Theory]
    [InlineData("/v1/ports", """{"name":"vale0:b","slots":64,"domain":"vale0:a"}""")]
    [InlineData("/v1/pipes", """{"name":"p{1","slots":64,"domain":"vale0:a"}""")]
    [InlineData("/v1/bridges", """{"left":"vale1:b","right":"vale2:b","slots":64,"domain":"vale0:a"}""")]
    public async Task It_is_not_joined(string path, string body)
    {
        await using DaemonBed bed = await StartAsync();

        string detail = await RefusalAsync(bed, path, body, 409);

        Assert.Contains("the region that vale0:a has for itself", detail, StringComparison.Ordinal);
        Assert.Contains("ptnet domain add NAME", detail, StringComparison.Ordinal);
        Assert.Equal(["vale0:a"], bed.Inventory.Ports.Select(port => port.Name));
    }

    [Fact]
    public async Task A_bridge_that_finds_no_room_in_it_says_how_there_is_some()
    {
        await using DaemonBed bed = await StartAsync();
        string capture = JsonSerializer.Serialize($"pcap:-,{_folder["out"]}");

        string detail =
            await RefusalAsync(bed, "/v1/bridges", $$"""{"left":{{capture}},"right":"vale0:a","slots":64}""", 409);

        Assert.Contains("that of vale0:a has no room for two: make a trust domain for both (ptnet domain add NAME " +
            "--ports 2)", detail, StringComparison.Ordinal);
        Assert.DoesNotContain("option", detail, StringComparison.Ordinal);
        Assert.Empty(bed.Inventory.Bridges);
    }

    private static async Task<DaemonBed> StartAsync()
    {
        DaemonBed bed = await DaemonBed.Start();
        Assert.Equal(201, (await bed.Post("/v1/ports", """{"name":"vale0:a","slots":64,"transport":"none"}""")).Status);
        return bed;
    }

    private static async Task<string> RefusalAsync(DaemonBed bed, string path, string body, int status)
    {
        (int answered, JsonElement problem) = await bed.Post(path, body);
        Assert.True(answered == status, problem.ToString());
        return problem.GetProperty("detail").GetString()!;
    }
}
