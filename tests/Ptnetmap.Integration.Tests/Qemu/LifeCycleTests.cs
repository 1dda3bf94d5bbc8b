using System.Text.Json;
using Ptnetmap.Memory;
using Ptnetmap.Ports.Pipes;
using Ptnetmap.Qemu.Devices;
using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Integration.Tests.Qemu;

/// <summary>One virtual machine lives through everything that can happen to it, in full traffic to a thread of the
/// host. After each event its port works, and two guests beside it, on the same worker, have lost nothing.</summary>
[Collection(VirtualMachines.Name)]
public sealed class LifeCycleTests : IDisposable
{
    private const long SomePackets = 20_000;

    private readonly DeviceHost _host = new();
    private readonly Bystander _bystander;
    private readonly PtnetDevice _device;
    private readonly PipePort _vmEnd;
    private readonly PipePort _threadEnd;
    private readonly string[] _sockets;

    public LifeCycleTests()
    {
        _bystander = new Bystander(_host, region: 9);
        MemoryRegion region = _host.Region(1, ports: 2);
        (_vmEnd, _threadEnd) = _host.Pipe(region, "victim");
        _device = _host.Ptnet("victim", _vmEnd, 1);
        _sockets = [_host.SocketOf(_device), _host.ServeRegion("region", region)];
    }

    public void Dispose()
    {
        _bystander.Dispose();
        _host.Dispose();
    }

    [Fact]
    public async Task Whatever_happens_to_a_machine_its_port_and_the_others_are_in_order()
    {
        QemuTools tools = QemuTools.Need();
        await using (QemuVm vm =
            await QemuVm.StartAsync(tools, "victim", _sockets, new QemuVmOptions { EmptySlots = 2 }))
        {
            await Step("stopped and continued", () => StoppedAndContinued(vm));
            await Step("programs one after the other", () => ProgramsOneAfterTheOther(vm));
            await Step("devices added while it runs", () => DevicesAreAdded(vm));
            await Step("reboot", () => Reboots(vm, "reboot -f", byItself: true));
            await Step("panic that reboots", () => Reboots(vm, "echo c >/proc/sysrq-trigger", byItself: true));
            await Step("panic for good",
                () => Reboots(vm, "echo 0 >/proc/sys/kernel/panic; echo c >/proc/sysrq-trigger", byItself: false));
            await Step("QEMU killed", () => KilledInFullTraffic(vm));
        }

        using HostGuest receiver = HostGuest.Receiver(_host, _threadEnd);
        using var sender = new HostGuest(_host, _vmEnd, port => new Sender(port));
        await receiver.MovesAsync(SomePackets);
        Assert.Null(sender.Failure);
        Assert.Equal(0, receiver.Counters.Damaged + receiver.Counters.BadSlots);
    }

    private async Task Step(string what, Func<Task> step)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"{DateTime.UtcNow:HH:mm:ss} {what}");
        await step();
        await _bystander.GoesOnAsync();
    }

    // Stopped by a signal, by its monitor, and its port by us: the program notices nothing but a pause.
    private async Task StoppedAndContinued(QemuVm vm)
    {
        using HostGuest receiver = HostGuest.Receiver(_host, _threadEnd);
        await vm.StartGuestAsync("tx", "pkt-gen tx");
        (Func<Task> Stop, Func<Task> Continue)[] ways =
        [
            (() => vm.SignalAsync("STOP"), () => vm.SignalAsync("CONT")),
            (() => vm.Monitor.AskAsync("stop"), () => vm.Monitor.AskAsync("cont")),
            (() => Hold(_device, true), () => Hold(_device, false)),
        ];
        foreach ((Func<Task> stop, Func<Task> go) in ways)
        {
            await receiver.MovesAsync(SomePackets);
            await stop();
            await _bystander.GoesOnAsync();
            await go();
            await receiver.MovesAsync(SomePackets);
        }

        JsonElement sent = await vm.StopGuestAsync("tx");
        await Eventually.TrueAsync(
            () => receiver.Counters.Packets == sent.GetProperty("packets").GetInt64(),
            () => $"{receiver.Counters.Packets} received; {sent}");
        receiver.CheckWhole();
    }

    private async Task ProgramsOneAfterTheOther(QemuVm vm)
    {
        for (int i = 0; i < 5; i++)
        {
            using HostGuest receiver = HostGuest.Receiver(_host, _threadEnd);
            _ = await vm.GuestAsync($"pkt-gen tx --count {SomePackets}");
            await Eventually.TrueAsync(
                () => receiver.Counters.Packets == SomePackets, () => $"run {i}: {receiver.Counters.Packets} received");
            receiver.CheckWhole();
        }

        // One that is killed has not said good-bye: the next one takes its port over, and what is left in it.
        using (HostGuest receiver = HostGuest.Receiver(_host, _threadEnd))
        {
            await vm.StartGuestAsync("tx", "pkt-gen tx");
            await receiver.MovesAsync(SomePackets);
            await vm.KillGuestAsync("tx");
            Assert.True(_host.Ask(() => _device.IsRunning));
        }

        await TrafficFlows(vm);
    }

    // MSI-X keeps QEMU 11.1 from unplugging a port (it aborts); to hold the port is what can be done instead. A memdev
    // goes.
    private async Task DevicesAreAdded(QemuVm vm)
    {
        MemoryRegion region = _host.Region(5, ports: 2);
        (PipePort end, PipePort thread) = _host.Pipe(region, "added");
        PtnetDevice device = _host.Ptnet("added", end, 5);
        string memdev = QemuVmOptions.Device("memory", _host.ServeRegion("added-region", region), bus: "slot0");
        await vm.Monitor.AskAsync("device_add", memdev);
        await vm.Monitor.AskAsync("device_add", QemuVmOptions.Device("port", _host.SocketOf(device), bus: "slot1"));
        await AppearsAsync(vm, "0x020000", 2);
        await AppearsAsync(vm, "0xff0000", 2);
        string number = (await vm.GuestAsync("list")).GetProperty("ports").EnumerateArray()
            .Single(port => port.GetProperty("region").GetInt32() == 5).GetProperty("port").ToString();
        using (var echo = new HostGuest(_host, thread, port => new Echo(port)))
        {
            JsonElement answers = await vm.GuestAsync($"pkt-gen ping --port {number} --count 200");
            Assert.Equal(0, answers.GetProperty("lost").GetInt64());
            await Hold(device, true);
            (int refused, string why) = await vm.RunAsync($"ptnet guest pkt-gen ping --port {number} --count 1 2>&1");
            Assert.True(refused != 0 && why.Contains("PTCTL", StringComparison.Ordinal), $"{refused} {why}");
            await Hold(device, false);
            _ = await vm.GuestAsync($"pkt-gen ping --port {number} --count 200");
        }

        await vm.Monitor.AskAsync("device_del", """{"id":"memory"}""");
        await AppearsAsync(vm, "0xff0000", 1);
        await Eventually.TrueAsync(() => _host.Observer.Ends.CurrentCount > 0, () => "the memdev's client did not go");
        await vm.Monitor.AskAsync("device_add", memdev);
        await AppearsAsync(vm, "0xff0000", 2);
    }

    private async Task Reboots(QemuVm vm, string command, bool byItself)
    {
        using (HostGuest receiver = HostGuest.Receiver(_host, _threadEnd))
        {
            await vm.StartGuestAsync("tx", "pkt-gen tx");
            await receiver.MovesAsync(SomePackets);
            receiver.CheckWhole();
            await vm.TypeAsync(command);
            if (!byItself)
            {
                await vm.SeesOnConsoleAsync("end Kernel panic");
                await _bystander.GoesOnAsync();
                await vm.Monitor.AskAsync("system_reset");
            }

            await vm.WaitUntilReadyAsync();
        }

        Assert.False(_host.Ask(() => _device.IsRunning));
        await TrafficFlows(vm);
    }

    private async Task KilledInFullTraffic(QemuVm vm)
    {
        using HostGuest receiver = HostGuest.Receiver(_host, _threadEnd);
        await vm.StartGuestAsync("tx", "pkt-gen tx");
        await receiver.MovesAsync(SomePackets);
        await vm.SignalAsync("KILL");
        await Eventually.TrueAsync(
            () => !_host.Ask(() => _device.IsRunning || _device.IsConnected), () => "the device still has a client");
        Assert.Equal(0, receiver.Counters.Damaged + receiver.Counters.BadSlots);
    }

    // A fresh start at both ends. What the last program left in the ring comes first, so nothing is said of the
    // numbers.
    private async Task TrafficFlows(QemuVm vm)
    {
        using HostGuest receiver = HostGuest.Receiver(_host, _threadEnd);
        JsonElement sent = await vm.GuestAsync($"pkt-gen tx --count {SomePackets}");
        Assert.Equal(0, sent.GetProperty("unsent").GetInt64());
        await Eventually.TrueAsync(() => receiver.Counters.Packets >= SomePackets,
            () => $"{receiver.Counters.Packets} received");
        Assert.Equal(0, receiver.Counters.Damaged + receiver.Counters.BadSlots);
    }

    private static Task<string> AppearsAsync(QemuVm vm, string kind, int count) => vm.MustAsync(
        $"i=0; until [ $(grep -lx {kind} /sys/bus/pci/devices/*/class | wc -l) = " +
        $"{count} ]; do usleep 20000; i=$((i + 1)); [ $i -lt 1000 ] || break; done; [ $i -lt 1000 ]");

    private Task Hold(PtnetDevice device, bool hold)
    {
        _host.Server.Invoke(() => device.Hold(hold));
        return Task.CompletedTask;
    }
}
