using System.Text.Json;
using Ptnetmap.Guest;
using Ptnetmap.Guest.Programs;
using Ptnetmap.Memory;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports.Pipes;
using Ptnetmap.Qemu.Devices;

namespace Ptnetmap.Integration.Tests.Qemu;

/// <summary>Our Linux guest under an unmodified QEMU. Two virtual machines, one after the other of several scenarios:
/// port 0 of each is an end of a pipe, port 1 a port of a switch, port 2 (of the left one) a pipe to a thread of the
/// host.</summary>
public sealed class LinuxGuestTests
{
    private const string Frames = "1000000";

    private static string Log(string what) => $"2>/tmp/{what}.err >/tmp/{what}";

    [Fact]
    public async Task Two_machines_exchange_frames_over_pipe_switch_tap_and_with_a_thread_of_the_host()
    {
        QemuTools tools = QemuTools.Need();
        using var host = new DeviceHost();
        MemoryRegion trusted = host.Region(1, ports: 4);
        MemoryRegion stranger = host.Region(2, ports: 1);
        MemoryRegion other = host.Region(3, ports: 1);
        (PipePort leftEnd, PipePort rightEnd) = host.Pipe(trusted, "between");
        (PipePort vmEnd, PipePort threadEnd) = host.Pipe(trusted, "host");
        string[] left =
        [
            host.ServePort("left-pipe", leftEnd, 1), host.ServePort("left-vale", host.SwitchPort(stranger, "left"), 3),
            host.ServePort("left-host", vmEnd, 5, BarKind.Io),
            host.ServeRegion("left-trusted", trusted), host.ServeRegion("left-stranger", stranger),
        ];
        string[] right =
        [
            host.ServePort("right-pipe", rightEnd, 2), host.ServePort("right-vale", host.SwitchPort(other, "right"), 4),
            host.ServeRegion("right-trusted", trusted), host.ServeRegion("right-other", other),
        ];
        QemuVm[] both = await Task.WhenAll(
            QemuVm.StartAsync(tools, "left", left, new QemuVmOptions { Iommu = true }), QemuVm.StartAsync(tools, "right", right));
        await using QemuVm one = both[0];
        await using QemuVm two = both[1];

        await PortsAreListed(one, two);
        await APipeLosesNothing(one, two);
        await TheSwitchCarriesThePingsOfTheKernel(one, two);
        using GuestAttachment thread = host.Attach(threadEnd);
        await AThreadOfTheHostAnswers(one, two, thread);
    }

    private static async Task PortsAreListed(QemuVm one, QemuVm two)
    {
        JsonElement list = Json(await one.MustAsync("ptnet guest list --json - 2>/dev/null"));
        Assert.Equal(
            ["02:00:00:00:00:01 1 memory", "02:00:00:00:00:03 2 memory", "02:00:00:00:00:05 1 io"],
            list.GetProperty("ports").EnumerateArray().Select(port =>
                $"{port.GetProperty("mac")} {port.GetProperty("region")} {port.GetProperty("bar0")}"));
        Assert.Equal(["1", "2"], list.GetProperty("regions").EnumerateArray().Select(region => $"{region.GetProperty("region")}"));
        Assert.Contains("02:00:00:00:00:04", await two.MustAsync("ptnet guest list | cat"), StringComparison.Ordinal);
    }

    private static async Task APipeLosesNothing(QemuVm one, QemuVm two)
    {
        await two.MustAsync($"ptnet guest pkt-gen rx --verify --count {Frames} --json - {Log("rx")} & echo $! >/tmp/pid");
        JsonElement sent = Json(await one.MustAsync($"ptnet guest pkt-gen tx --count {Frames} --json - 2>/tmp/tx.err || cat /tmp/tx.err"));
        JsonElement received = Json(await two.MustAsync("wait $(cat /tmp/pid); cat /tmp/rx.err >&2; tail -n 1 /tmp/rx"));
        TestContext.Current.TestOutputHelper?.WriteLine($"pipe sent {sent}\npipe received {received}");
        Assert.Equal((Frames, "0"), ($"{sent.GetProperty("packets")}", $"{sent.GetProperty("unsent")}"));
        Assert.Equal("vfio", sent.GetProperty("interrupts").GetString());
        Assert.Equal("bar", sent.GetProperty("csb").GetString());
        Assert.Equal("uio", received.GetProperty("interrupts").GetString());
        Assert.Equal("memory", received.GetProperty("csb").GetString());
        Assert.Equal(
            $"{Frames} 0 0 0 0",
            string.Join(' ', ((string[])["packets", "lost", "duplicated", "reordered", "damaged"]).Select(received.GetProperty)));
    }

    private static async Task TheSwitchCarriesThePingsOfTheKernel(QemuVm one, QemuVm two)
    {
        // A program that is killed leaves its port running; the next one takes it over.
        await StartTap(two, "");
        await two.RunAsync("kill -KILL $(cat /tmp/pid); wait $(cat /tmp/pid)");
        (QemuVm Vm, int Host, string Options)[] ends = [(one, 1, ""), (two, 2, "--interrupts poll")];
        foreach ((QemuVm vm, int number, string options) in ends)
        {
            await StartTap(vm, options);
            await vm.MustAsync($"ip addr add 192.168.7.{number}/24 dev ptap0");
        }

        string pings = await one.MustAsync("ping -c 20 -i 0.05 -w 20 192.168.7.2");
        Assert.Contains("20 packets transmitted, 20 packets received", pings, StringComparison.Ordinal);
        string large = await two.MustAsync("ping -c 3 -s 1400 -w 20 192.168.7.1");
        Assert.Contains("3 packets received", large, StringComparison.Ordinal);
        foreach ((QemuVm vm, _, _) in ends)
        {
            await vm.RunAsync("kill -TERM $(cat /tmp/pid); wait $(cat /tmp/pid)");
            (int gone, _) = await vm.RunAsync("ip link show ptap0 2>/dev/null");
            Assert.NotEqual(0, gone);
        }
    }

    private static async Task StartTap(QemuVm vm, string options)
    {
        await vm.MustAsync("rm -f /tmp/up; mkfifo /tmp/up");
        await vm.MustAsync($"ptnet guest tap ptap0 --port 1 {options} 2>/tmp/up & echo $! >/tmp/pid");
        await vm.MustAsync("grep -m 1 'is up' /tmp/up");
    }

    // First from the left machine, then from the right one by way of the left one, which bridges without a copy.
    private static async Task AThreadOfTheHostAnswers(QemuVm one, QemuVm two, GuestAttachment attachment)
    {
        var channel = new LocalChannel(
            attachment.Region, attachment.InterfaceOffset, attachment.Csb, attachment.Kicks, attachment.Interrupts,
            attachment.Assist);
        using var echo = new GuestThread(new Echo(NetmapPort.Open(channel)), "echo");
        echo.Start();
        JsonElement near = Json(await one.MustAsync("ptnet guest pkt-gen ping --port 2 --count 1000 --json - 2>/dev/null"));
        await one.MustAsync($"ptnet guest bridge 0 2 --json - {Log("bridge")} & echo $! >/tmp/pid");
        JsonElement far = Json(await two.MustAsync("ptnet guest pkt-gen ping --count 1000 --json - 2>/dev/null"));
        JsonElement bridged = Json((await one.RunAsync("kill -TERM $(cat /tmp/pid); wait $(cat /tmp/pid); cat /tmp/bridge")).Output);
        TestContext.Current.TestOutputHelper?.WriteLine($"near {near}\nfar {far}\nbridged {bridged}");
        foreach (JsonElement answers in (JsonElement[])[near, far])
        {
            Assert.Equal(("1000", "0"), ($"{answers.GetProperty("packets")}", $"{answers.GetProperty("lost")}"));
        }

        Assert.Equal(2000, bridged.GetProperty("packets").GetInt64());
        echo.Stop();
    }

    private static JsonElement Json(string output) => JsonDocument.Parse(output.Split('\n')[^1]).RootElement;
}
