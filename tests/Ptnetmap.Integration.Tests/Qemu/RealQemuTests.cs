using Ptnetmap.Memory;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports.Pipes;
using Ptnetmap.Ports.Rings;
using Ptnetmap.Qemu.Devices;
using Ptnetmap.Qemu.Serving;

namespace Ptnetmap.Integration.Tests.Qemu;

/// <summary>An unmodified QEMU 11 with an unmodified Debian kernel, and the devices.</summary>
public sealed class RealQemuTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ptnet-qemu-");
    private readonly RecordingObserver _observer = new();
    private readonly Quiescence _quiescence = new();
    private readonly WorkerPool _workers = new(1);
    private readonly MemoryRegion _region = MemoryRegion.Create(
        new RegionRequest { Id = 7, Ports = 2, Slots = 256, HugePages = HugePagePolicy.Off });

    private readonly PipePort _master;
    private readonly PipePort _slave;
    private readonly MemdevDevice _memdev;
    private readonly PtnetDevice _first;
    private readonly PtnetDevice _second;

    public RealQemuTests()
    {
        (_master, _slave) = PipePort.Create("link", 0, _region, _region, PortShape.Symmetric(1, 256), _quiescence);
        _memdev = new MemdevDevice("memdev", _region);
        _first = Ptnet("ptnet0", _master, BarKind.Io, 1);
        _second = Ptnet("ptnet1", _slave, BarKind.Memory, 2);
    }

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
        _memdev.Dispose();
        _master.Dispose();
        _slave.Dispose();
        _workers.Dispose();
        _region.Dispose();
        _observer.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_guest_finds_the_devices_and_uses_them_again_after_a_reset_and_after_QEMU_was_killed()
    {
        string program = await Fetched.QemuAsync();
        string kernel = await Fetched.KernelAsync();
        string initrd = await MakeInitRamFsAsync(kernel);
        using DeviceServer server = new(_folder.FullName, _observer);
        string[] sockets = [server.Add(_memdev), server.Add(_first), server.Add(_second)];

        using (QemuProcess qemu = QemuProcess.Start(program, $"{kernel}/vmlinuz", initrd, _folder.FullName, sockets))
        {
            CheckReport(await qemu.ReadReportAsync("done"));
            CheckRunning(server, qemu);

            string answer = await qemu.MonitorAsync("""{"execute":"system_reset"}""");
            Assert.Contains("return", answer, StringComparison.Ordinal);
            CheckReport(await qemu.ReadReportAsync("done"));
            CheckRunning(server, qemu);
            qemu.Kill();
        }

        for (int i = 0; i < sockets.Length; i++)
        {
            Assert.True(await _observer.Ends.WaitAsync(Patience, TestContext.Current.CancellationToken));
        }

        server.Invoke(() => Assert.False(_first.IsRunning || _second.IsRunning || _memdev.IsConnected));
        File.Delete(Path.Combine(_folder.FullName, "qmp"));
        using (QemuProcess qemu = QemuProcess.Start(program, $"{kernel}/vmlinuz", initrd, _folder.FullName, sockets))
        {
            CheckReport(await qemu.ReadReportAsync("done"));
            CheckRunning(server, qemu);
        }

        Assert.Empty(_observer.Refusals);
    }

    private void CheckReport(Dictionary<string, string> report)
    {
        Assert.Equal("0x1b36 0x000c 0xff0000", report["memdev.id"]);
        Assert.Equal("0x1b36 0x000d 0x020000", report["ptnet0.id"]);
        Assert.Equal("0x1b36 0x000d 0x020000", report["ptnet1.id"]);
        CheckBars(report);

        // Status has a list of capabilities; the list begins at 0x40 with MSI-X of two vectors, its table in BAR 2.
        string config = report["ptnet0.config"];
        Assert.Equal("361b0d00", config[..8]);
        Assert.Equal("40", config[(2 * 0x34)..(2 * 0x35)]);
        Assert.Equal("1100010002000000" + "02080000", config[(2 * 0x40)..(2 * 0x4C)]);
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
        Assert.Equal(("255", "255"), (report["ptnet0.free"], report["ptnet1.free"]));
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

    private static async Task<string> MakeFileAsync(string path, byte[] content)
    {
        await File.WriteAllBytesAsync(path, content, TestContext.Current.CancellationToken);
        return path;
    }

    private PtnetDevice Ptnet(string name, PipePort port, BarKind registers, byte number) => new(
        name, new PtnetOptions(port, _workers, NotificationPolicy.Sleep, _quiescence)
        {
            Mac = new([2, 0, 0, 0, 0, number]),
            Registers = registers,
        });

    private async Task<string> MakeInitRamFsAsync(string kernel)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        var archive = new InitRamFs();
        foreach (string folder in (string[])["bin", "dev", "proc", "sys"])
        {
            archive.AddFolder(folder);
        }

        archive.AddProgram("bin/busybox", await File.ReadAllBytesAsync(Path.Combine(kernel, "busybox"), cancellation));
        foreach (string applet in (string[])["sh", "mount", "cat", "dd", "hexdump", "devmem", "sed", "cut", "printf"])
        {
            archive.AddLink($"bin/{applet}", "busybox");
        }

        archive.AddProgram("init", await File.ReadAllBytesAsync(
            Path.Combine(Tree.Root, "tests/Ptnetmap.Integration.Tests/Qemu/guest-init.sh"), cancellation));
        return await MakeFileAsync(Path.Combine(_folder.FullName, "initrd"), archive.Finish());
    }

    private void CheckRunning(DeviceServer server, QemuProcess qemu)
    {
        bool first = false;
        bool second = false;
        server.Invoke(() => (first, second) = (_first.IsRunning, _second.IsRunning));
        Assert.True(
            (first, second) == (true, true), $"{first} {second}: {string.Join('\n', _observer.Refusals)}\n{qemu.Output}");
    }
}
