using Ptnetmap.Memory;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports.Pipes;
using Ptnetmap.Qemu.Devices;

namespace Ptnetmap.Integration.Tests.Qemu;

/// <summary>An unmodified QEMU 11 with an unmodified Debian kernel, and the devices as a shell script sees
/// them.</summary>
[Collection(VirtualMachines.Name)]
public sealed class RealQemuTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // The script keeps a CSB there, out of the kernel's way, and reaches it through /dev/mem.
    private static readonly QemuVmOptions Options = new() { Kernel = "iomem=relaxed memmap=64K$0x8000000" };

    private readonly DeviceHost _host = new(NotificationPolicy.Sleep);
    private readonly MemoryRegion _region;
    private readonly PtnetDevice _first;
    private readonly PtnetDevice _second;
    private readonly string[] _sockets;

    public RealQemuTests()
    {
        _region = _host.Region(7, ports: 2);
        (PipePort master, PipePort slave) = _host.Pipe(_region, "link");
        string memdev = _host.ServeRegion("memdev", _region);
        _first = _host.Ptnet("ptnet0", master, 1, BarKind.Io);
        _second = _host.Ptnet("ptnet1", slave, 2);
        _sockets = [memdev, _host.SocketOf(_first), _host.SocketOf(_second)];
    }

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task A_guest_finds_the_devices_and_uses_them_again_after_a_reset_and_after_QEMU_was_killed()
    {
        QemuTools tools = QemuTools.Need();
        await using (QemuVm vm = await QemuVm.StartAsync(tools, "probe", _sockets, Options))
        {
            await CheckAsync(vm);
            _ = await vm.Monitor.AskAsync("system_reset");
            await vm.WaitUntilReadyAsync();
            await CheckAsync(vm);
            await vm.KillAsync();
        }

        for (int i = 0; i < _sockets.Length; i++)
        {
            Assert.True(await _host.Observer.Ends.WaitAsync(Patience, TestContext.Current.CancellationToken));
        }

        Assert.False(_host.Ask(() => _first.IsRunning || _second.IsRunning || _first.IsConnected));
        await using (QemuVm vm = await QemuVm.StartAsync(tools, "probe-again", _sockets, Options))
        {
            await CheckAsync(vm);
        }

        Assert.Empty(_host.Observer.Refusals);
    }

    private async Task CheckAsync(QemuVm vm)
    {
        string output = await vm.MustAsync("probe-devices");
        CheckReport(output.Split('\n').Select(line => line.Split(' ', 2)).ToDictionary(pair => pair[0],
            pair => pair[^1]));
        bool running = _host.Ask(() => _first.IsRunning && _second.IsRunning);
        Assert.True(running, $"{string.Join('\n', _host.Observer.Refusals)}\n{output}");
    }

    private void CheckReport(Dictionary<string, string> report)
    {
        Assert.Equal("0x1b36 0x000c 0xff0000", report["memdev.id"]);
        Assert.Equal("0x1b36 0x000d 0x020000", report["ptnet0.id"]);
        Assert.Equal("0x1b36 0x000d 0x020000", report["ptnet1.id"]);
        CheckBars(report);

        // Status has a list of capabilities; the list begins at 0x40 with MSI-X of two vectors, its table in BAR 2;
        // behind it, at 0x50, is PCI Express.
        string config = report["ptnet0.config"];
        Assert.Equal("361b0d00", config[..8]);
        Assert.Equal("40", config[(2 * 0x34)..(2 * 0x35)]);
        Assert.Equal("1150010002000000" + "02080000", config[(2 * 0x40)..(2 * 0x4C)]);
        Assert.Equal("1000", config[(2 * 0x50)..(2 * 0x52)]);
        Assert.Equal("01", config[(2 * 0x3D)..(2 * 0x3E)]);

        Assert.Equal($"{_region.Layout.Size:x8} 00000000", report["memdev.size"]);
        Assert.Equal("00000007", report["memdev.memid"]);
        Assert.Equal("0x0000000E", report["memdev.region"]);
        Assert.Equal("00000200 00000001", report["ptnet0.mac"]);
        Assert.Equal("00000007", report["ptnet0.memid"]);
        Assert.Equal("0x00000007", report["ptnet1.memid"]);
        Assert.Equal("0x706E7478 0x00000003", report["ptnet1.extension"]);
        Assert.Equal("00000000", report["ptnet0.ptctl"]);
        Assert.Equal("0x00000000", report["ptnet1.ptctl"]);

        // What the host wrote into both CSBs: the whole ring but one slot is free. And a frame went across.
        Assert.Equal(("1023", "1023"), (report["ptnet0.free"], report["ptnet1.free"]));
        Assert.Equal("1", report["ptnet1.received"]);
    }

    // Start, end, flags: 0x101 I/O ports, 0x200 memory, 0x2000 prefetchable, 0x100000 64 bits.
    private void CheckBars(Dictionary<string, string> report)
    {
        Assert.Equal((128, 0x101), Bar(report["memdev.bar0"]));
        Assert.Equal((_region.Layout.Size, 0x102200), Bar(report["memdev.bar1"]));
        Assert.Equal((256, 0x101), Bar(report["ptnet0.bar0"]));
        Assert.Equal((4096, 0x200), Bar(report["ptnet0.bar2"]));
        Assert.Equal((8192, 0x102200), Bar(report["ptnet0.bar4"]));
        Assert.Equal((4096, 0x200), Bar(report["ptnet1.bar0"]));
    }

    private static (long Length, long Kind) Bar(string line)
    {
        long[] numbers = [.. line.Split(' ').Select(word => Convert.ToInt64(word, 16))];
        return (numbers[1] - numbers[0] + 1, numbers[2] & 0x102301);
    }
}
