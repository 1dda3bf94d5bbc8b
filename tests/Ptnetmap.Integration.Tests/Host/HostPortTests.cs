using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;
using Ptnetmap.Integration.Tests.Cli;
using Ptnetmap.Integration.Tests.Daemon;

namespace Ptnetmap.Integration.Tests.Host;

/// <summary>Kernels connected with each other by a daemon, each in a network that the test makes.</summary>
public sealed class HostPortTests : IDisposable
{
    private const int Port = 7777;
    private const int Bytes = 20 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<KernelHost> _hosts = [];

    public void Dispose()
    {
        _hosts.ForEach(host => host.Dispose());
    }

    [Theory]
    [InlineData(1, 1500)]
    [InlineData(2, 9000)]
    public async Task Kernels_on_one_switch_speak_tcp_and_broadcasts_reach_all(int queues, int mtu)
    {
        MakeHosts(3);
        using RunningDaemon daemon = await RunningDaemon.Start();
        for (int i = 0; i < 3; i++)
        {
            await daemon.Ptnet(
                "switch", "attach", "vale0", $"tap:t{i}", "--netns", _hosts[i].Path, "--rings", $"{queues}",
                "--mtu", $"{mtu}");
            _hosts[i].Address($"t{i}", $"10.9.0.{i + 1}");
        }

        await Transfer(_hosts[0], _hosts[1], "10.9.0.2");
        await Transfer(_hosts[2], _hosts[0], "10.9.0.1");
        JsonElement vale = await daemon.Json("switch", "show", "vale0");
        Assert.Equal(3, vale.GetProperty("ports").GetArrayLength());
        Assert.True(vale.GetProperty("addresses").GetInt32() >= 3);
        JsonElement host = (await daemon.Json("port", "show", "tap:t1")).GetProperty("host");
        Assert.Equal(
            ("up", mtu, queues),
            (host.GetProperty("link").GetString(), host.GetProperty("mtu").GetInt32(),
                host.GetProperty("queues").GetInt32()));

        await daemon.Process.Signal("TERM");
        PtnetResult ended = await daemon.Process.Finish();
        Assert.True(ended.Code == 0, ended.Errors);
        Assert.All(Enumerable.Range(0, 3), i => Assert.False(_hosts[i].Has($"t{i}")));
    }

    [Fact]
    public async Task Two_interfaces_are_connected_as_by_a_cable_and_parted_again()
    {
        MakeHosts(1);
        using RunningDaemon daemon = await RunningDaemon.Start();
        await daemon.Ptnet("bridge", "add", "tap:l", "tap:r", "--netns", _hosts[0].Path);
        await daemon.Ptnet("bridge", "ls");
        Assert.True(_hosts[0].Has("l") && _hosts[0].Has("r"));
        await daemon.Ptnet("bridge", "rm", "tap:r");
        Assert.False(_hosts[0].Has("l") || _hosts[0].Has("r"));
        Assert.Empty((await daemon.Json("port", "ls")).EnumerateArray());
    }

    [Fact]
    public async Task An_interface_that_is_deleted_takes_nothing_with_it()
    {
        MakeHosts(3);
        using RunningDaemon daemon = await RunningDaemon.Start();
        for (int i = 0; i < 3; i++)
        {
            await daemon.Ptnet("switch", "attach", "vale0", $"tap:t{i}", "--netns", _hosts[i].Path);
            _hosts[i].Address($"t{i}", $"10.9.0.{i + 1}");
        }

        Assert.True(_hosts[2].TryDelete("t2"));
        await Transfer(_hosts[0], _hosts[1], "10.9.0.2");
        Assert.Equal("gone",
            (await daemon.Json("port", "show", "tap:t2")).GetProperty("host").GetProperty("link").GetString());
    }

    [Fact]
    public async Task A_daemon_that_is_killed_leaves_no_interface()
    {
        MakeHosts(1);
        using RunningDaemon daemon = await RunningDaemon.Start();
        await daemon.Ptnet("switch", "attach", "vale0", "tap:t", "--netns", _hosts[0].Path);
        Assert.True(_hosts[0].Has("t"));
        await daemon.Process.Signal("KILL");
        _ = await daemon.Process.Finish();
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
}
