using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;
using Ptnetmap.Integration.Tests.Cli;

namespace Ptnetmap.Integration.Tests.Host;

/// <summary>Kernels connected with each other by a daemon, each in a network that the test makes.</summary>
public sealed class HostPortTests : IDisposable
{
    private const int Port = 7777;
    private const int Bytes = 20 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("ptnet").FullName;
    private readonly List<KernelHost> _hosts = [];

    private string RunDirectory => Path.Combine(_folder, "run");

    public void Dispose()
    {
        _hosts.ForEach(host => host.Dispose());
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(1, 1500)]
    [InlineData(2, 9000)]
    public async Task Kernels_on_one_switch_speak_tcp_and_broadcasts_reach_all(int queues, int mtu)
    {
        MakeHosts(3);
        using PtnetProcess daemon = await Up();
        for (int i = 0; i < 3; i++)
        {
            await Ptnet(
                "switch", "attach", "vale0", $"tap:t{i}", "--netns", _hosts[i].Path, "--rings", $"{queues}", "--mtu", $"{mtu}");
            _hosts[i].Address($"t{i}", $"10.9.0.{i + 1}");
        }

        await Transfer(_hosts[0], _hosts[1], "10.9.0.2");
        await Transfer(_hosts[2], _hosts[0], "10.9.0.1");
        JsonElement vale = await Json("switch", "show", "vale0");
        Assert.Equal(3, vale.GetProperty("ports").GetArrayLength());
        Assert.True(vale.GetProperty("addresses").GetInt32() >= 3);
        JsonElement host = (await Json("port", "show", "tap:t1")).GetProperty("host");
        Assert.Equal(
            ("up", mtu, queues),
            (host.GetProperty("link").GetString(), host.GetProperty("mtu").GetInt32(), host.GetProperty("queues").GetInt32()));

        await daemon.Signal("TERM");
        PtnetResult ended = await daemon.Finish();
        Assert.True(ended.Code == 0, ended.Errors);
        Assert.All(Enumerable.Range(0, 3), i => Assert.False(_hosts[i].Has($"t{i}")));
    }

    [Fact]
    public async Task Two_interfaces_are_connected_as_by_a_cable_and_parted_again()
    {
        MakeHosts(1);
        using PtnetProcess daemon = await Up();
        await Ptnet("bridge", "add", "tap:l", "tap:r", "--netns", _hosts[0].Path);
        await Ptnet("bridge", "ls");
        Assert.True(_hosts[0].Has("l") && _hosts[0].Has("r"));
        await Ptnet("bridge", "rm", "tap:r");
        Assert.False(_hosts[0].Has("l") || _hosts[0].Has("r"));
        Assert.Empty((await Json("port", "ls")).EnumerateArray());
    }

    [Fact]
    public async Task An_interface_that_is_deleted_takes_nothing_with_it()
    {
        MakeHosts(3);
        using PtnetProcess daemon = await Up();
        for (int i = 0; i < 3; i++)
        {
            await Ptnet("switch", "attach", "vale0", $"tap:t{i}", "--netns", _hosts[i].Path);
            _hosts[i].Address($"t{i}", $"10.9.0.{i + 1}");
        }

        Assert.True(_hosts[2].TryDelete("t2"));
        await Transfer(_hosts[0], _hosts[1], "10.9.0.2");
        Assert.Equal("gone", (await Json("port", "show", "tap:t2")).GetProperty("host").GetProperty("link").GetString());
    }

    [Fact]
    public async Task A_daemon_that_is_killed_leaves_no_interface()
    {
        MakeHosts(1);
        using PtnetProcess daemon = await Up();
        await Ptnet("switch", "attach", "vale0", "tap:t", "--netns", _hosts[0].Path);
        Assert.True(_hosts[0].Has("t"));
        await daemon.Signal("KILL");
        _ = await daemon.Finish();
        Assert.True(SpinWait.SpinUntil(() => !_hosts[0].Has("t"), Patience));
    }

    private static async Task Transfer(KernelHost from, KernelHost to, string address)
    {
        using Socket listener = to.Socket(SocketType.Stream);
        listener.Bind(new IPEndPoint(IPAddress.Parse(address), Port));
        listener.Listen();
        byte[] sent = RandomNumberGenerator.GetBytes(Bytes);
        Task<byte[]> receiving = ReceiveAll(listener);
        using Socket sender = from.Socket(SocketType.Stream);
        using var limit = new CancellationTokenSource(Patience);
        await sender.ConnectAsync(IPAddress.Parse(address), Port, limit.Token);
        for (int at = 0; at < sent.Length;)
        {
            at += await sender.SendAsync(sent.AsMemory(at, Math.Min(1 << 16, sent.Length - at)), limit.Token);
        }

        sender.Shutdown(SocketShutdown.Send);
        Assert.Equal(SHA256.HashData(sent), await receiving.WaitAsync(Patience, TestContext.Current.CancellationToken));
    }

    private static async Task<byte[]> ReceiveAll(Socket listener)
    {
        using var limit = new CancellationTokenSource(Patience);
        using Socket socket = await listener.AcceptAsync(limit.Token);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 16];
        int read;
        while ((read = await socket.ReceiveAsync(buffer, limit.Token)) > 0)
        {
            hash.AppendData(buffer, 0, read);
        }

        return hash.GetHashAndReset();
    }

    private void MakeHosts(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _hosts.Add(KernelHost.Create());
        }
    }

    private async Task<PtnetProcess> Up()
    {
        PtnetProcess daemon = PtnetProcess.Start("up", "--run-dir", RunDirectory);
        await daemon.WaitForLine("ready:");
        return daemon;
    }

    private async Task<string> Ptnet(params string[] arguments)
    {
        PtnetResult result = await PtnetProcess.Run([.. arguments, "--run-dir", RunDirectory]);
        Assert.True(result.Code == 0, $"ptnet {string.Join(' ', arguments)}: {result.Errors}{result.Output}");
        return result.Output;
    }

    private async Task<JsonElement> Json(params string[] arguments) =>
        JsonDocument.Parse(await Ptnet([.. arguments, "--json"])).RootElement;
}
