using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Ptnetmap.Integration.Tests.Daemon;
using Ptnetmap.Integration.Tests.Host;

namespace Ptnetmap.Integration.Tests.Qemu;

/// <summary>Measures TCP between the host's kernel and a Linux guest's, over a TAP port that is passed through to it,
/// and beside it what there is without us: the same guest's virtio-net device on a TAP interface in a kernel bridge.
/// For docs/performance.md; no test. <c>bench/tap</c> runs it.</summary>
[Collection(VirtualMachines.Name)]
public sealed class TapFigures
{
    private const int Runs = 5;
    private const int Seconds = 3;

    [Fact(Explicit = true)]
    public async Task A_guest_and_the_kernel()
    {
        QemuTools tools = QemuTools.Need();
        Assert.SkipWhen(tools.Iperf is null, tools.NoIperf ?? "");
        using KernelHost stack = KernelHost.Create();
        await Shell(stack, "echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6; ip link set dev lo up; ip link " +
            "add br0 type bridge; " +
            "ip addr add 10.7.0.1/24 dev br0; ip link set dev br0 up");
        using RunningDaemon daemon = await RunningDaemon.Start();
        await daemon.Ptnet("port", "add", "tap:t0", "--netns", stack.Path, "--slots", "1024", "--bar", "memory");
        stack.Address("t0", "10.8.0.1");
        JsonElement machine = await daemon.Json("vm", "args", "tap:t0", "--memory", "256M", "--iommu");
        await using QemuVm vm = await QemuVm.StartAsync(tools, "tap", [], new QemuVmOptions
        {
            Machine = [.. machine.GetProperty("arguments").EnumerateArray().Select(argument => argument.GetString()!)],
            Devices =
            [
                "-netdev", "tap,id=peer,ifname=v0,script=no,downscript=no,vhost=off",
                "-device", "virtio-net-pci,netdev=peer,mac=02:00:00:00:07:02",
            ],
            NetworkNamespace = stack.Path,
            Kernel = "intel_iommu=on",

            // QEMU emulates a string move a byte at a time, which no processor does that says it is fast at that.
            Processor = "max,erms=off,fsrm=off",
        });
        await Shell(stack, "ip link set dev v0 master br0; ip link set dev v0 up");
        await vm.MustAsync("ip addr add 10.7.0.2/24 dev eth0; ip link set dev eth0 up");
        await vm.StartTapAsync("");
        await vm.MustAsync("ip addr add 10.8.0.2/24 dev ptap0");

        foreach (string direction in (string[])["out of the guest", "into the guest"])
        {
            var runs = new List<(double Ours, double Bridge)>();
            for (int run = 0; run < Runs; run++)
            {
                double bridge = await MeasureAsync(stack, vm, "10.7.0.1", direction);
                runs.Add((await MeasureAsync(stack, vm, "10.8.0.1", direction), bridge));
                double ptnet = runs[run].Ours;
                Write($"{direction}: ptnet {ptnet:F3}, bridge {bridge:F3}, ratio {ptnet / bridge:F2}");
            }

            double ours = Median(runs.Select(run => run.Ours));
            double theirs = Median(runs.Select(run => run.Bridge));
            double ratio = Median(runs.Select(run => run.Ours / run.Bridge));
            Write($"{direction}, medians of {Runs}: ptnet {ours:F3}, bridge {theirs:F3} Gbit/s, ratio {ratio:F2}");
        }
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Runs / 2);

    private static void Write(FormattableString line) =>
        TestContext.Current.TestOutputHelper?.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private static async Task<double> MeasureAsync(KernelHost stack, QemuVm vm, string server, string direction)
    {
        using Process listening = Enter(stack, $"exec iperf3 -s -1 --forceflush -B {server}");
        await ListensAsync(listening);
        string back = direction == "into the guest" ? "-R" : "";
        string output = await vm.MustAsync($"iperf3 -c {server} -t {Seconds} -O 1 {back} -J | tr -d '\\n\\t'; echo");
        await listening.WaitForExitAsync(TestContext.Current.CancellationToken);
        JsonElement end = JsonDocument.Parse(output).RootElement.GetProperty("end");
        return end.GetProperty("sum_received").GetProperty("bits_per_second").GetDouble() / 1e9;
    }

    private static async Task ListensAsync(Process server)
    {
        while (await server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.Contains("listening", StringComparison.Ordinal))
            {
                _ = server.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
                return;
            }
        }

        Assert.Fail("iperf3 does not listen");
    }

    private static async Task Shell(KernelHost stack, string script)
    {
        using Process shell = Enter(stack, script);
        string output = await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(shell.ExitCode == 0, $"{script}: {output}");
    }

    private static Process Enter(KernelHost stack, string script) => Process.Start(
        new ProcessStartInfo("nsenter", [$"--net={stack.Path}", "/bin/sh", "-c", script])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
}
