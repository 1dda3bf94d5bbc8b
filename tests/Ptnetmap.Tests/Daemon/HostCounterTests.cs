using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Ptnetmap.Daemon.Configuration;
using Ptnetmap.HostPorts;

namespace Ptnetmap.Tests.Daemon;

/// <summary>What is told of ports of the host: our counters, AF_XDP's, and the kernel's of the interface.</summary>
public class HostCounterTests
{
    private const int Frames = 5;

    [Fact]
    public async Task The_kernel_s_counters_of_a_NIC_and_a_TAP_stand_beside_ours()
    {
        Needs.Xdp();
        using var pair = new VethPair();
        pair.AddAddresses();
        await using DaemonBed bed = await DaemonBed.Start();
        string space = $"/proc/self/fd/{pair.RightSpace.Descriptor.Number}";
        foreach (string name in (string[])["netmap:right", "tap:t0"])
        {
            bed.Inventory.AddPort(new PortSettings
            {
                Name = name,
                Slots = 64,
                Transport = "none",
                Host = new HostSettings { Netns = space },
            });
        }

        using (UdpClient sender = pair.LeftSpace.Run(() => new UdpClient { EnableBroadcast = true }))
        {
            for (int i = 0; i < Frames; i++)
            {
                _ = sender.Send(new byte[100], new IPEndPoint(IPAddress.Parse("10.9.0.255"), 7004));
            }
        }

        // A veth counts when the kernel gets round to its receiving end.
        Assert.True(SpinWait.SpinUntil(() => ReceivedBy(bed) >= Frames, TimeSpan.FromSeconds(60)),
            "the frames do not come");
        JsonElement nic = (await bed.Get("/v1/ports/netmap:right")).GetProperty("host");
        Assert.Equal(Frames, Number(nic, "rx_packets"));

        // A veth counts them with or without their Ethernet headers.
        Assert.InRange(Number(nic, "rx_bytes"), Frames * 128, Frames * 142);
        Assert.Equal(0, Number(nic, "tx_packets"));
        Assert.True(nic.GetProperty("counters").TryGetProperty("rx_fill_ring_empty", out _));
        JsonElement tap = (await bed.Get("/v1/ports/tap:t0")).GetProperty("host");
        Assert.Equal(0, Number(tap, "rx_packets"));

        string metrics = await bed.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        Assert.Contains(
            $"\nptnet_port_kernel_rx_packets_total{{port=\"netmap:right\",interface=\"right\"}} {Frames}\n", metrics,
            StringComparison.Ordinal);
        Assert.Contains("\nptnet_port_kernel_rx_nohandler_total{port=\"tap:t0\",interface=\"t0\"} 0\n", metrics,
            StringComparison.Ordinal);
        Assert.Contains("\nptnet_port_host_total{port=\"netmap:right\",counter=\"copied_bytes\"} 0\n", metrics,
            StringComparison.Ordinal);

        // Without its interface a port has no such counters, and is shown all the same.
        Assert.True(pair.LeftLinks.TryDelete(pair.Left));
        Assert.True(SpinWait.SpinUntil(() => IsGone(bed), TimeSpan.FromSeconds(60)), "the counters stay");
        metrics = await bed.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        Assert.DoesNotContain("ptnet_port_kernel_rx_packets_total{port=\"netmap:right\"", metrics,
            StringComparison.Ordinal);
        Assert.Contains("\nptnet_port_link_up{port=\"netmap:right\"} 0\n", metrics, StringComparison.Ordinal);
    }

    private static long? ReceivedBy(DaemonBed bed) => Describe(bed).Kernel?.RxPackets;

    private static bool IsGone(DaemonBed bed) => Describe(bed) is { Kernel: null, Link: "gone" };

    private static HostPortState Describe(DaemonBed bed) =>
        ((IHostPort)bed.Inventory.FindPort("netmap:right").Port).Describe();

    private static long Number(JsonElement host, string counter) =>
        host.GetProperty("kernel").GetProperty(counter).GetInt64();
}
