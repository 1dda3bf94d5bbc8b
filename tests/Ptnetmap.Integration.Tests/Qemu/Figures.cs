using System.Text.Json;
using Ptnetmap.Memory;
using Ptnetmap.Ports.Pipes;
using Ptnetmap.Qemu.Devices;

namespace Ptnetmap.Integration.Tests.Qemu;

/// <summary>Measures two Linux guests under QEMU, for docs/performance.md; no test. <c>bench/qemu</c> runs
/// it.</summary>
[Collection(VirtualMachines.Name)]
public sealed class Figures
{
    private const long Frames = 3_000_000;
    private const int Runs = 5;

    [Fact(Explicit = true)]
    public async Task Two_Linux_guests()
    {
        QemuTools tools = QemuTools.Need();
        using var host = new DeviceHost();
        MemoryRegion shared = host.Region(1, ports: 2);
        MemoryRegion left = host.Region(2, ports: 2);
        MemoryRegion right = host.Region(3, ports: 1);
        (PipePort leftEnd, PipePort rightEnd) = host.Pipe(shared, "pipe");
        PtnetDevice[] ends =
            [host.Ptnet("right-pipe", rightEnd, 2), host.Ptnet("right-vale", host.SwitchPort(right, "right"), 4)];
        string[] one =
        [
            host.ServePort("left-pipe", leftEnd, 1), host.ServePort("left-vale", host.SwitchPort(left, "left"), 3),
            host.ServePort("left-io", host.SwitchPort(left, "io"), 5, BarKind.Io),
            host.ServeRegion("left-shared", shared),
            host.ServeRegion("left-own", left),
        ];
        string[] two =
        [
            .. ends.Select(host.SocketOf), host.ServeRegion("right-shared", shared),
            host.ServeRegion("right-own", right),
        ];
        QemuVm[] both = await Task.WhenAll(
            QemuVm.StartAsync(tools, "left", one, new QemuVmOptions { Iommu = true }), QemuVm.StartAsync(tools,
                "right", two));
        await using QemuVm sender = both[0];
        await using QemuVm receiver = both[1];

        foreach ((QemuVm vm, int port) in (IReadOnlyList<(QemuVm, int)>)[(sender, 1), (sender, 2), (receiver, 1)])
        {
            Write($"probe, {vm.Name}, port {port}", await vm.GuestAsync($"probe --port {port} --count 2000"));
        }

        foreach ((string what, int port) in (IReadOnlyList<(string, int)>)[("pipe", 0), ("vale", 1)])
        {
            for (int run = 0; run < Runs; run++)
            {
                await receiver.StartGuestAsync("rx", $"pkt-gen rx --port {port} --verify");
                await Eventually.TrueAsync(() => host.Ask(() => ends[port].IsRunning),
                    () => "the receiver does not start");
                JsonElement sent =
                    await sender.GuestAsync($"pkt-gen tx --port {port} --count {Frames} --dst 02:00:00:00:00:04");
                JsonElement received = await StopAsync(receiver);
                Write($"{what} {run} sent", sent);
                Write($"{what} {run} received", received);
            }
        }
    }

    // On a switch some are lost, and the program says so by its exit code.
    private static async Task<JsonElement> StopAsync(QemuVm vm)
    {
        (_, string output) =
            await vm.RunAsync("kill -TERM $(cat /tmp/rx.pid); wait $(cat /tmp/rx.pid); tail -n 1 /tmp/rx");
        return JsonDocument.Parse(output.Split('\n')[^1]).RootElement;
    }

    private static void Write(string what, JsonElement report) =>
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}: {report}");
}
