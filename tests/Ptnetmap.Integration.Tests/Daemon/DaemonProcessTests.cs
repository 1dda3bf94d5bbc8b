using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Ptnetmap.Integration.Tests.Cli;

namespace Ptnetmap.Integration.Tests.Daemon;

public sealed class DaemonProcessTests : IDisposable
{
    private const int Packets = 1_000_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("ptnet").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_daemon_serves_ports_pipes_and_counters_and_leaves_nothing_behind(string signal)
    {
        using PtnetProcess daemon = await Up("run");
        Assert.Equal(0, (await Ptnet("run", "port", "add", "vale0:a", "--slots", "64")).Code);
        Assert.Equal(0, (await Ptnet("run", "pipe", "add", "p{1")).Code);
        Assert.Equal(0,
            (await Ptnet("run", "port", "attach", "p}1", "--program", "receive", "--verify", "--packets", "1M")).Code);
        Assert.Equal(0, (await Ptnet("run", "port", "attach", "p{1", "--program", "send", "--packets", "1M")).Code);
        await AwaitPackets("run", "p}1");

        JsonElement guest = (await Json("run", "port", "show", "p}1")).GetProperty("guest");
        Assert.Equal((0, 0), (guest.GetProperty("lost").GetInt64(), guest.GetProperty("damaged").GetInt64()));
        JsonElement stats = Assert.Single((await Json("run", "stats", "p{1")).GetProperty("ports").EnumerateArray());
        Assert.Equal(Packets, stats.GetProperty("rings")[0].GetProperty("packets").GetInt64());
        Assert.Equal("vale0",
            Assert.Single((await Json("run", "switch", "ls")).EnumerateArray()).GetProperty("name").GetString());
        Assert.Contains("vale0:a", (await Ptnet("run", "port", "ls")).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await Ptnet("run", "port", "rm", "vale0:a")).Code);

        await daemon.Signal(signal);
        PtnetResult ended = await daemon.Finish();

        Assert.Equal(0, ended.Code);
        Assert.False(Directory.Exists(Path.Combine(_folder, "run")), ended.Errors);
        Assert.Contains("port p}1: guest attached (thread)", ended.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_daemons_live_side_by_side_and_neither_takes_the_others_place()
    {
        using PtnetProcess left = await Up("left");
        using PtnetProcess right = await Up("right");
        _ = await Ptnet("left", "port", "add", "vale0:a", "--slots", "64");

        PtnetResult third = await Ptnet("left", "up");
        Assert.Equal(1, third.Code);
        Assert.Contains($"process {left.Id}", third.Errors, StringComparison.Ordinal);
        Assert.Single((await Json("left", "port", "ls")).EnumerateArray());
        Assert.Empty((await Json("right", "port", "ls")).EnumerateArray());

        await left.Signal("TERM");
        Assert.Equal(0, (await left.Finish()).Code);
        Assert.Empty((await Json("right", "port", "ls")).EnumerateArray());
        await right.Signal("TERM");
        Assert.Equal(0, (await right.Finish()).Code);
    }

    [Fact]
    public async Task The_place_of_a_killed_daemon_is_taken_and_it_is_named()
    {
        using PtnetProcess killed = await Up("run");
        await killed.Signal("KILL");
        _ = await killed.Finish();
        Assert.True(File.Exists(Path.Combine(_folder, "run", "control.sock")));
        PtnetResult alone = await Ptnet("run", "port", "ls");
        Assert.Equal(1, alone.Code);
        Assert.Contains("ptnet up", alone.Errors, StringComparison.Ordinal);

        using PtnetProcess next = await Up("run");
        Assert.Empty((await Json("run", "port", "ls")).EnumerateArray());
        await next.Signal("TERM");
        Assert.Contains($"process {killed.Id}) died here", (await next.Finish()).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_configuration_is_reported_whole_and_starts_nothing()
    {
        string config = Path.Combine(_folder, "ptnet.toml");
        await File.WriteAllTextAsync(
            config, "[[port]]\nname = \"vale0:a\"\nslots = 1\n[[pipe]]\nname = \"p\"\n",
            TestContext.Current.CancellationToken);

        PtnetResult refused = await Ptnet("run", "up", "--config", config);

        Assert.Equal(2, refused.Code);
        Assert.Contains($"{config}:3: slots", refused.Errors, StringComparison.Ordinal);
        Assert.Contains($"{config}:5: name", refused.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder, "run")));
    }

    [Fact]
    public async Task A_service_manager_is_told_when_it_is_ready_and_when_it_stops()
    {
        string path = Path.Combine(_folder, "notify");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        using PtnetProcess daemon =
            PtnetProcess.StartInShell($"export NOTIFY_SOCKET={path}", "up", "--run-dir", Path.Combine(_folder, "run"));
        Assert.Equal("READY=1", await Receive(socket));
        Assert.Empty((await Json("run", "port", "ls")).EnumerateArray());
        await daemon.Signal("TERM");
        Assert.Equal("STOPPING=1", await Receive(socket));
        Assert.Equal(0, (await daemon.Finish()).Code);
    }

    private static async Task<string> Receive(Socket socket)
    {
        byte[] buffer = new byte[256];
        int length = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(buffer, 0, length);
    }

    private async Task<PtnetProcess> Up(string directory)
    {
        PtnetProcess daemon = PtnetProcess.Start("up", "--run-dir", Path.Combine(_folder, directory));
        await daemon.WaitForLine("ready:");
        return daemon;
    }

    private Task<PtnetResult> Ptnet(string directory, params string[] arguments) =>
        PtnetProcess.Run([.. arguments, "--run-dir", Path.Combine(_folder, directory)]);

    private async Task<JsonElement> Json(string directory, params string[] arguments)
    {
        PtnetResult result = await Ptnet(directory, [.. arguments, "--json"]);
        Assert.True(result.Code == 0, result.Errors);
        return JsonDocument.Parse(result.Output).RootElement;
    }

    // The packets are counted by somebody else; each look takes a process, which is pause enough.
    private async Task AwaitPackets(string directory, string port)
    {
        for (int look = 0; look < 2000; look++)
        {
            JsonElement shown = await Json(directory, "port", "show", port);
            if (shown.GetProperty("guest").GetProperty("packets").GetInt64() == Packets)
            {
                return;
            }
        }

        Assert.Fail($"{port} did not receive {Packets} packets");
    }
}
