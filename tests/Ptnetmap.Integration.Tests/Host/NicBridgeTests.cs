using System.Text.Json;
using Ptnetmap.Integration.Tests.Cli;
using Ptnetmap.Integration.Tests.Daemon;

namespace Ptnetmap.Integration.Tests.Host;

/// <summary>Two NICs of a daemon connected with each other: two kernels, each behind a veth, see one cable.</summary>
public sealed class NicBridgeTests : IDisposable
{
    private static readonly string[] Ports = ["netmap:nic0", "netmap:nic1"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly KernelHost _left;
    private readonly KernelHost _own;
    private readonly KernelHost _right;

    public NicBridgeTests()
    {
        Needs.Xdp();
        (_left, _own, _right) = (KernelHost.Create(), KernelHost.Create(), KernelHost.Create());
        KernelHost.Connect(_left, "far0", _own, "nic0");
        KernelHost.Connect(_right, "far1", _own, "nic1");
        _left.Address("far0", "10.9.0.1");
        _right.Address("far1", "10.9.0.2");
    }

    public void Dispose()
    {
        _left.Dispose();
        _own.Dispose();
        _right.Dispose();
    }

    [Fact]
    public async Task Numbered_frames_go_both_ways_and_none_is_copied()
    {
        using RunningDaemon daemon = await RunningDaemon.Start();
        await daemon.Ptnet("bridge", "add", Ports[0], Ports[1], "--netns", _own.Path);
        await UdpEcho.Run(_left, _right, "10.9.0.2");
        await UdpEcho.Run(_right, _left, "10.9.0.1");
        foreach (string port in Ports)
        {
            JsonElement shown = await daemon.Json("port", "show", port);
            JsonElement host = shown.GetProperty("host");
            Assert.Equal(0, host.GetProperty("counters").GetProperty("copied_bytes").GetInt64());
            Assert.True(host.GetProperty("counters").GetProperty("xdp_redirected").GetInt64() >= 2 * UdpEcho.Datagrams);
            Assert.Equal(0, host.GetProperty("counters").GetProperty("rx_dropped").GetInt64());
            Assert.All(
                shown.GetProperty("ring_state").EnumerateArray(),
                ring => Assert.True(ring.GetProperty("packets").GetInt64() >= 2 * UdpEcho.Datagrams, $"{ring}"));
        }

        string text = await daemon.Ptnet("port", "show", Ports[0]);
        Assert.Contains("the kernel's own, of the interface: rx_packets ", text, StringComparison.Ordinal);
        await daemon.Ptnet("bridge", "rm", Ports[1]);
        Assert.Empty((await daemon.Json("port", "ls")).EnumerateArray());
        Assert.True(
            SpinWait.SpinUntil(() => _own.XdpProgram("nic0") == 0 && _own.XdpProgram("nic1") == 0, Patience),
            "a program stays");
        Assert.Equal(0, (await daemon.Stop()).Code);
    }

    [Fact]
    public async Task What_cannot_be_connected_is_refused_by_the_option_that_is_wrong_and_nothing_is_left()
    {
        using RunningDaemon daemon = await RunningDaemon.Start();
        await Refused(daemon, "no interface nic9", "--netns", Ports[0], "netmap:nic9");
        await Refused(daemon, "has 1 queue and the port 2 ring pairs", "--rings 1", Ports[0], Ports[1], "--rings", "2");
        PtnetResult elsewhere = await daemon.Run("bridge", "add", Ports[0], Ports[1]);
        Assert.NotEqual(0, elsewhere.Code);
        Assert.Contains("--netns", elsewhere.Errors, StringComparison.Ordinal);
        Assert.Empty((await daemon.Json("port", "ls")).EnumerateArray());
        Assert.Empty((await daemon.Json("domain", "ls")).EnumerateArray());
        Assert.True(SpinWait.SpinUntil(() => _own.XdpProgram("nic0") == 0, Patience), "a program stays");
        Assert.Equal(0, (await daemon.Stop()).Code);
    }

    private async Task Refused(RunningDaemon daemon, string reason, string option, params string[] arguments)
    {
        PtnetResult refused = await daemon.Run(["bridge", "add", .. arguments, "--netns", _own.Path]);
        Assert.NotEqual(0, refused.Code);
        Assert.Contains(reason, refused.Errors, StringComparison.Ordinal);
        Assert.Contains(option, refused.Errors, StringComparison.Ordinal);
    }
}
