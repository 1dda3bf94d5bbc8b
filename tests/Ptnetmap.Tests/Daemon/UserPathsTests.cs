using System.Text.Json;
using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Tests.HostPorts;

namespace Ptnetmap.Tests.Daemon;

/// <summary>Files that users name, and where they are.</summary>
public sealed class UserPathsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("pcap:in,out", "pcap:/home/u/in,/home/u/out")]
    [InlineData("pcap:-,d/out", "pcap:-,/home/u/d/out")]
    [InlineData("pcap:./in,.//out", "pcap:/home/u/in,/home/u/out")]
    [InlineData("pcap:../in,-", "pcap:/home/u/../in,-")]
    [InlineData("pcap:./-,-", "pcap:/home/u/-,-")]
    [InlineData("pcap:/a//b,-", "pcap:/a//b,-")]
    [InlineData("pcap:in", "pcap:/home/u/in")]
    [InlineData("pcap:,", "pcap:,")]
    [InlineData("vale0:pcap", "vale0:pcap")]
    [InlineData("tap:x", "tap:x")]
    public void Captures_are_in_the_callers_directory_and_nothing_else_is(string name, string whole)
    {
        Assert.Equal(whole, CapturePaths.Whole(name, "/home/u"));
        Assert.Equal(whole, CapturePaths.Whole(whole, "/elsewhere"));
    }

    [Fact]
    public void Captures_of_a_configuration_are_beside_it()
    {
        string file = _folder["ptnet.toml"];
        File.WriteAllText(file, """
            [[port]]
            name = "pcap:in,-"
            [[bridge]]
            left = "pcap:-,/tmp/out"
            right = "vale0:x"
            [[bridge]]
            left = "vale0:y"
            right = "pcap:d/in,-"
            """);
        DaemonSettings settings = ConfigReader.ReadFile(Path.GetRelativePath(Environment.CurrentDirectory, file));
        Assert.Equal(file, settings.File);
        Assert.Equal($"pcap:{_folder["in"]},-", Assert.Single(settings.Ports).Name);
        Assert.Equal(
            [("pcap:-,/tmp/out", "vale0:x"), ("vale0:y", $"pcap:{_folder["d/in"]},-")],
            settings.Bridges.Select(bridge => (bridge.Left, bridge.Right)));
    }

    [Fact]
    public async Task The_API_has_no_directory_and_takes_whole_paths()
    {
        await using DaemonBed bed = await DaemonBed.Start();
        (int status, JsonElement problem) = await bed.Post("/v1/ports", """{"name":"pcap:-,out.pcap"}""");
        Assert.Equal(400, status);
        Assert.Contains("out.pcap", problem.GetRawText(), StringComparison.Ordinal);
        Assert.Contains("whole path", problem.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(400, (await bed.Post("/v1/bridges", """{"left":"pcap:in,-","right":"vale0:x"}""")).Status);
        Assert.False(File.Exists("out.pcap"));
        Assert.Empty(bed.Inventory.Ports);
    }

    [Fact]
    public async Task A_capture_deep_in_the_tree_is_a_port_like_others_and_a_longer_name_is_told_its_limit()
    {
        string folder = _folder.Path;
        while (folder.Length < 700)
        {
            folder = Path.Combine(folder, new string('d', 100));
        }

        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, "in");
        File.WriteAllBytes(file, CaptureFile.Classic(CaptureFile.Nanoseconds, false, new byte[60]));
        string port = $"pcap:{file},-";
        await using DaemonBed bed = await DaemonBed.Start();
        (int status, JsonElement made) = await bed.Post("/v1/ports", $$"""{"name":"{{port}}"}""");
        Assert.True(status == 201, made.ToString());
        Assert.Equal(port, (await bed.Get($"/v1/ports/{Uri.EscapeDataString(port)}")).GetProperty("name").GetString());
        Assert.Equal(204, (await bed.Send(HttpMethod.Delete, $"/v1/ports/{Uri.EscapeDataString(port)}")).Status);

        (status, JsonElement problem) =
            await bed.Post("/v1/ports", $$"""{"name":"pcap:/{{new string('x', PortName.MaxPcapLength)}},-"}""");
        Assert.Equal(400, status);
        Assert.Contains("at most 1000 characters", problem.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_configuration_and_the_notes_of_changes_are_not_written_by_a_capture()
    {
        string file = _folder["ptnet.toml"];
        File.WriteAllText(file, "[daemon]\nworkers = 1\n");
        await using DaemonBed bed = await DaemonBed.Start(ConfigReader.ReadFile(file));
        foreach (string needed in (string[])[file, .. Directory.EnumerateFiles(bed.RunDirectory)
            .Where(name => !name.EndsWith(".sock", StringComparison.Ordinal))])
        {
            long before = new FileInfo(needed).Length;
            (int status, JsonElement problem) = await bed.Post("/v1/ports", $$"""{"name":"pcap:-,{{needed}}"}""");
            Assert.Equal(400, status);
            Assert.Contains("the daemon's own", problem.GetRawText().Replace("\\u0027", "'", StringComparison.Ordinal),
                StringComparison.Ordinal);
            Assert.Equal(before, new FileInfo(needed).Length);
            Assert.NotEqual(0, before);
        }
    }
}
