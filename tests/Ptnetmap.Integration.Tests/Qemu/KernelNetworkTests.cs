using System.Text.Json;
using Ptnetmap.Memory;

namespace Ptnetmap.Integration.Tests.Qemu;

/// <summary>The kernels of two strangers talk over a switch: each has a TAP interface that is bridged to its
/// port.</summary>
[Collection(VirtualMachines.Name)]
public sealed class KernelNetworkTests
{
    [Fact]
    public async Task Two_kernels_ping_each_other_and_run_iperf3_over_the_switch()
    {
        QemuTools tools = QemuTools.Need();
        using var host = new DeviceHost();
        MemoryRegion left = host.Region(1, ports: 1);
        MemoryRegion right = host.Region(2, ports: 1);
        QemuVm[] both = await Task.WhenAll(
            QemuVm.StartAsync(
                tools, "left", [host.ServePort("left", host.SwitchPort(left, "left"), 1),
                    host.ServeRegion("left-memory", left)],
                new QemuVmOptions { Iommu = true }),
            QemuVm.StartAsync(
                tools, "right", [host.ServePort("right", host.SwitchPort(right, "right"), 2),
                    host.ServeRegion("right-memory", right)]));
        await using QemuVm one = both[0];
        await using QemuVm two = both[1];

        // A program that is killed leaves its port running; the next one takes it over.
        await two.StartTapAsync("");
        await two.KillGuestAsync("tap");
        await one.StartTapAsync("");
        await two.StartTapAsync("");
        await one.MustAsync("ip addr add 192.168.7.1/24 dev ptap0");
        await two.MustAsync("ip addr add 192.168.7.2/24 dev ptap0");
        await TheyPing(one, two);
        bool measured = tools.Iperf is null || await IperfRuns(one, two);
        await two.StopTapAsync();

        // The other one's last frames may still come; it works on with no interrupts at all.
        await two.StartTapAsync("--interrupts poll");
        await two.MustAsync("ip addr add 192.168.7.2/24 dev ptap0");
        await TheyPing(one, two);
        await Task.WhenAll(one.StopTapAsync(), two.StopTapAsync());
        Assert.True(measured);
        Assert.SkipWhen(tools.Iperf is null, $"the pings passed, but there is no iperf3: {tools.NoIperf}");
    }

    private static async Task TheyPing(QemuVm one, QemuVm two)
    {
        string pings = await one.MustAsync("ping -c 20 -i 0.05 -w 20 192.168.7.2");
        Assert.Contains("20 packets transmitted, 20 packets received", pings, StringComparison.Ordinal);
        string large = await two.MustAsync("ping -c 3 -s 1400 -w 20 192.168.7.1");
        Assert.Contains("3 packets received", large, StringComparison.Ordinal);
    }

    private static async Task<bool> IperfRuns(QemuVm one, QemuVm two)
    {
        await two.MustAsync("iperf3 -s -1 >/tmp/iperf 2>&1 & echo $! >/tmp/iperf.pid");
        await two.MustAsync("until netstat -ltn | grep -q :5201; do usleep 50000; done");
        string output = await one.MustAsync("iperf3 -c 192.168.7.2 -t 3 -J | tr -d '\\n\\t'; echo");
        JsonElement end = JsonDocument.Parse(output).RootElement.GetProperty("end");
        double bits = end.GetProperty("sum_received").GetProperty("bits_per_second").GetDouble();
        TestContext.Current.TestOutputHelper?.WriteLine($"iperf3: {bits / 1e6:F0} Mbit/s");
        await two.MustAsync("wait $(cat /tmp/iperf.pid)");
        return bits > 0;
    }
}
