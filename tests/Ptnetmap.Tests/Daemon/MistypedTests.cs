using System.Text.Json;
using Ptnetmap.Daemon.Api;
using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Daemon.Hosting;

namespace Ptnetmap.Tests.Daemon;

/// <summary>What is asked for by mistake is refused, and named, instead of being passed over or failing.</summary>
public class MistypedTests
{
    [Fact]
    public async Task A_key_that_a_query_does_not_have_is_refused_on_every_route()
    {
        await using DaemonBed bed = await DaemonBed.Start();
        foreach (ApiRoute route in ApiRoutes.All)
        {
            string path = route.Path.Replace("{name}", "nobody", StringComparison.Ordinal);

            (int status, JsonElement problem) = await bed.Send(new HttpMethod(route.Method), $"{path}?swich=vale9");

            Assert.Equal(400, status);
            Assert.Contains("swich", problem.ToString(), StringComparison.Ordinal);
            Assert.All(route.QueryKeys, key => Assert.Contains(key, problem.ToString(), StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_switch_has_an_address_once()
    {
        await using DaemonBed bed = await DaemonBed.Start();
        Assert.Equal(201, (await Add(bed, "vale3:a", "02:00:00:00:00:aa")).Status);

        (int status, JsonElement problem) = await Add(bed, "vale3:b", "02:00:00:00:00:AA");

        Assert.Equal(409, status);
        Assert.Contains("vale3:a", problem.ToString(), StringComparison.Ordinal);
        Assert.Equal(["vale3:a"], bed.Inventory.Ports.Select(port => port.Name));
        Assert.Single(bed.Inventory.Domains);
        Assert.Equal(201, (await Add(bed, "vale4:b", "02:00:00:00:00:aa")).Status);
    }

    [Fact]
    public async Task The_ends_of_a_pipe_have_two_addresses()
    {
        await using DaemonBed bed = await DaemonBed.Start();
        var end = new EndSettings { Mac = "02:00:00:00:00:77", Transport = "none" };

        RefusalException refusal = Assert.Throws<RefusalException>(
            () => bed.Inventory.AddPipe(new PipeSettings { Name = "p{1", Slots = 64, Master = end, Slave = end }));

        Assert.Equal(RefusalKind.Conflict, refusal.Kind);
        Assert.Empty(bed.Inventory.Ports);
    }

    [Fact]
    public async Task Frames_that_are_longer_than_a_buffer_are_refused_by_their_key()
    {
        await using DaemonBed bed = await DaemonBed.Start();
        const string guest = """{"program":"send","frame":3000}""";

        (int status, JsonElement problem) =
            await bed.Post("/v1/ports", $$"""{"name":"vale1:a","slots":64,"guest":{{guest}}}""");
        Assert.Equal(400, status);
        Assert.Contains("guest.frame", problem.ToString(), StringComparison.Ordinal);
        Assert.Contains("buffers of ", problem.ToString(), StringComparison.Ordinal);
        Assert.Empty(bed.Inventory.Ports);
        Assert.Empty(bed.Inventory.Domains);

        _ = await Add(bed, "vale1:a", "02:00:00:00:00:01");
        (status, problem) = await bed.Post("/v1/ports/vale1:a/attach", guest);
        Assert.Equal(400, status);
        Assert.Contains("guest.frame", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Empty_names_of_a_file_and_of_a_directory_are_refused()
    {
        Assert.Contains("--config", Assert.Throws<ConfigException>(() => ConfigReader.ReadFile("")).Message,
            StringComparison.Ordinal);
        Assert.Contains("--run-dir", Assert.Throws<RunDirectoryException>(() => RunDirectory.Choose("")).Message,
            StringComparison.Ordinal);
    }

    private static Task<(int Status, JsonElement Body)> Add(DaemonBed bed, string name, string mac) =>
        bed.Post("/v1/ports", $$"""{"name":"{{name}}","slots":64,"transport":"none","mac":"{{mac}}"}""");
}
