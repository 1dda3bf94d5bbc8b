using System.Text.Json;
using Ptnetmap.Integration.Tests.Cli;
using Ptnetmap.Integration.Tests.Daemon;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.Integration.Tests.Host;

/// <summary>A NIC as the uplink of a daemon's switch: a veth whose other end is another kernel's, in networks that the
/// test makes.</summary>
public sealed class NicUplinkTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly KernelHost _remote;
    private readonly KernelHost _own;
    private readonly KernelHost _guest;

    public NicUplinkTests()
    {
        Needs.Xdp();
        (_remote, _own, _guest) = (KernelHost.Create(), KernelHost.Create(), KernelHost.Create());
        KernelHost.Connect(_remote, "far", _own, "nic0");
        _remote.Address("far", "10.9.0.1");
        _own.Address("nic0", "10.9.0.2");
    }

    public void Dispose()
    {
        _remote.Dispose();
        _own.Dispose();
        _guest.Dispose();
    }

    [Fact]
    public async Task Wire_stack_and_guest_on_one_switch_reach_each_other_and_nothing_is_left()
    {
        using RunningDaemon daemon = await RunningDaemon.Start();
        await daemon.Ptnet("switch", "attach", "vale0", "netmap:nic0", "--host", "--netns", _own.Path);
        await daemon.Ptnet("switch", "attach", "vale0", "tap:t0", "--netns", _guest.Path);
        _guest.Address("t0", "10.9.0.3");

        await UdpEcho.Run(_guest, _remote, "10.9.0.1");
        await UdpEcho.Run(_remote, _guest, "10.9.0.3");
        await UdpEcho.Run(_remote, _own, "10.9.0.2");
        await UdpEcho.Run(_own, _guest, "10.9.0.3");

        JsonElement host = (await daemon.Json("port", "show", "netmap:nic0")).GetProperty("host");
        Assert.Equal(("up", "copy"), (host.GetProperty("link").GetString(), host.GetProperty("mode").GetString()));
        Assert.Equal(0, host.GetProperty("counters").GetProperty("copied_bytes").GetInt64());
        Assert.NotEqual(0u, _own.XdpProgram("nic0"));

        await daemon.Ptnet("switch", "detach", "vale0", "netmap:nic0");
        Assert.Empty((await daemon.Json("bridge", "ls")).EnumerateArray().Where(
            bridge => bridge.GetProperty("left").GetString()!.StartsWith("netmap:", StringComparison.Ordinal)));
        Assert.True(SpinWait.SpinUntil(() => _own.XdpProgram("nic0") == 0, Patience), "the program stays");
        await UdpEcho.Run(_own, _remote, "10.9.0.1");
        Assert.Equal(0, (await daemon.Stop()).Code);
    }

    [Fact]
    public async Task Two_switches_keep_VLANs_apart_over_one_wire()
    {
        using KernelHost near20 = KernelHost.Create();
        using KernelHost far10 = KernelHost.Create();
        using KernelHost far20 = KernelHost.Create();
        using RunningDaemon daemon = await RunningDaemon.Start();
        await daemon.Ptnet("switch", "attach", "vale0", "netmap:nic0", "--netns", _own.Path, "--trunk", "10,20");
        await daemon.Ptnet("switch", "attach", "vale1", "netmap:far", "--netns", _remote.Path, "--trunk", "10,20");
        await Access("vale0", "n10", _guest, "10", "10.9.0.3");
        await Access("vale0", "n20", near20, "20", "10.9.0.3");
        await Access("vale1", "f10", far10, "10", "10.9.0.4");
        await Access("vale1", "f20", far20, "20", "10.9.0.4");

        // The same addresses in both: who answers is told by where the socket is.
        await UdpEcho.Run(_guest, far10, "10.9.0.4");
        await UdpEcho.Run(near20, far20, "10.9.0.4");
        await UdpEcho.Run(far20, near20, "10.9.0.3");
        await UdpEcho.Run(far10, _guest, "10.9.0.3");

        // Behind the uplink, one address of each VLAN, learned from the tag that the frame had on the wire.
        int[] vlans =
        [
            .. from entry in (await daemon.Json("switch", "show", "vale0")).GetProperty("forwarding").EnumerateArray()
               where entry.GetProperty("port").GetString() == "vale0:nic0"
               select entry.GetProperty("vlan").GetInt32(),
        ];
        Assert.Equal([10, 20], vlans.Order());
        Assert.Equal(0, (await daemon.Stop()).Code);

        async Task Access(string vale, string tap, KernelHost host, string vlan, string address)
        {
            await daemon.Ptnet("switch", "attach", vale, $"tap:{tap}", "--netns", host.Path, "--vlan", vlan);
            host.Address(tap, address);
        }
    }

    [Fact]
    public async Task A_second_daemon_is_refused_the_interface_and_a_killed_one_gives_it_back()
    {
        using RunningDaemon daemon = await RunningDaemon.Start();
        await daemon.Ptnet("port", "add", "netmap:nic0", "--netns", _own.Path);
        using RunningDaemon second = await RunningDaemon.Start();
        foreach (string port in (string[])["netmap:nic0", "netmap:nic0-0"])
        {
            PtnetResult refused = await second.Run("port", "add", port, "--netns", _own.Path);
            Assert.NotEqual(0, refused.Code);
            Assert.Contains("ptnetmap_nic", refused.Errors, StringComparison.Ordinal);
        }

        await daemon.Process.Signal("KILL");
        _ = await daemon.Process.Finish();
        Assert.True(SpinWait.SpinUntil(() => _own.XdpProgram("nic0") == 0, Patience), "the program stays");
        await UdpEcho.Run(_remote, _own, "10.9.0.2");
        Assert.Equal(0, (await second.Stop()).Code);

        // What the kernel does not undo by itself, the next daemon of that run directory does.
        Assert.Equal(VlanOffloads.Transmit, _own.TagOffloads("nic0"));
        await daemon.StartAgain();
        Assert.Equal(VlanOffloads.Both, _own.TagOffloads("nic0"));
        Assert.Equal(0, (await daemon.Stop()).Code);
    }
}
