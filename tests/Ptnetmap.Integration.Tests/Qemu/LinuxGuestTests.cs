using System.Globalization;
using System.Text.Json;
using Ptnetmap.Memory;
using Ptnetmap.Ports.Pipes;
using Ptnetmap.Qemu.Devices;
using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Integration.Tests.Qemu;

/// <summary>Our Linux guest under an unmodified QEMU. Two virtual machines, one after the other of several scenarios:
/// port 0 of each is an end of a pipe, port 1 an end of a pipe with four pairs of rings, port 2 (of the left one) a
/// pipe to a thread of the host, port 3 one with sixteen pairs. The left one has MSI-X, the right one the
/// pin.</summary>
[Collection(VirtualMachines.Name)]
public sealed class LinuxGuestTests : IDisposable
{
    private const long Frames = 1_000_000;
    private const long RingFrames = 160_000;

    // One for each burst would be 3906. The busier the machine, the more often a worker has done all before a guest
    // goes on.
    private const double KicksAMillion = 3000;
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan QuietTime = TimeSpan.FromSeconds(1);

    private readonly DeviceHost _host = new();
    private readonly PtnetDevice[] _ends;
    private readonly PipePort _thread;
    private readonly PipePort _wideThread;
    private readonly string[] _left;
    private readonly string[] _right;

    public LinuxGuestTests()
    {
        MemoryRegion one = _host.Region(1, ports: 4);
        MemoryRegion two = _host.Region(2, ports: 4, ringPairs: 16, slots: 256);
        (PipePort leftEnd, PipePort rightEnd) = _host.Pipe(one, "between");
        (PipePort leftFour, PipePort rightFour) = _host.Pipe(two, "four", ringPairs: 4, slots: 256);
        (PipePort vmEnd, _thread) = _host.Pipe(one, "host");
        (PipePort wideEnd, _wideThread) = _host.Pipe(two, "wide", ringPairs: 16, slots: 256);
        _ends = [_host.Ptnet("left-pipe", leftEnd, 1), _host.Ptnet("right-pipe", rightEnd, 2)];
        _left =
        [
            _host.SocketOf(_ends[0]), _host.ServePort("left-four", leftFour, 3), _host.ServePort("left-host", vmEnd, 5,
                BarKind.Io),
            _host.ServePort("left-wide", wideEnd, 7), _host.ServeRegion("left-one", one),
            _host.ServeRegion("left-two", two),
        ];
        _right =
        [
            _host.SocketOf(_ends[1]), _host.ServePort("right-four", rightFour, 4), _host.ServeRegion("right-one", one),
            _host.ServeRegion("right-two", two),
        ];
    }

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Two_machines_exchange_frames_over_pipes_and_with_threads_of_the_host_and_are_idle_after()
    {
        QemuTools tools = QemuTools.Need();
        QemuVm[] both = await Task.WhenAll(
            QemuVm.StartAsync(tools, "left", _left, new QemuVmOptions { Iommu = true }),
            QemuVm.StartAsync(tools, "right", _right));
        await using QemuVm one = both[0];
        await using QemuVm two = both[1];

        await PortsAreListed(one, two);
        await APipeLosesNothing(one, two, port: 0, Frames, KicksAMillion);
        await APipeLosesNothing(one, two, port: 1, RingFrames, kicksAMillion: double.MaxValue);
        await SixteenPairsOfRingsEndAtAThread(one);
        await AThreadOfTheHostAnswers(one, two);
        await AnIdleMachineWakesNobody(one, two);

        // A guest's IOMMU takes the device's whole address space away, piece by piece, mapped or not.
        Assert.DoesNotContain(_host.Observer.Refusals,
            refusal => !refusal.Contains("DMA_UNMAP", StringComparison.Ordinal));
    }

    private static async Task PortsAreListed(QemuVm one, QemuVm two)
    {
        JsonElement list = await one.GuestAsync("list");
        Assert.Equal(
            ["02:00:00:00:00:01 1 memory 1", "02:00:00:00:00:03 2 memory 4", "02:00:00:00:00:05 1 io 1",
                "02:00:00:00:00:07 2 memory 16"],
            list.GetProperty("ports").EnumerateArray().Select(port => string.Join(
                ' ', ((string[])["mac", "region", "bar0", "rx_rings"]).Select(key => port.GetProperty(key)))));
        Assert.Equal(["1", "2"],
            list.GetProperty("regions").EnumerateArray().Select(region => $"{region.GetProperty("region")}"));
        Assert.Contains("02:00:00:00:00:04", await two.MustAsync("ptnet guest list | cat"), StringComparison.Ordinal);
    }

    private static async Task APipeLosesNothing(QemuVm one, QemuVm two, int port, long frames, double kicksAMillion)
    {
        await two.StartGuestAsync("rx", $"pkt-gen rx --port {port} --verify --count {frames}");
        JsonElement sent = await one.GuestAsync($"pkt-gen tx --port {port} --count {frames}");
        JsonElement received = await two.JoinGuestAsync("rx");
        TestContext.Current.TestOutputHelper?.WriteLine($"pipe sent {sent}\npipe received {received}");
        Assert.Equal((frames, 0), (sent.GetProperty("packets").GetInt64(), sent.GetProperty("unsent").GetInt64()));
        Assert.Equal("vfio bar", $"{sent.GetProperty("interrupts")} {sent.GetProperty("csb")}");
        Assert.Equal("uio memory", $"{received.GetProperty("interrupts")} {received.GetProperty("csb")}");
        GuestPrograms.CheckWhole(received, frames);
        foreach (JsonElement side in (JsonElement[])[sent, received])
        {
            Assert.InRange(side.GetProperty("kicks").GetInt64() * 1e6 / frames, 0, kicksAMillion);
        }
    }

    private async Task SixteenPairsOfRingsEndAtAThread(QemuVm one)
    {
        using HostGuest receiver = HostGuest.Receiver(_host, _wideThread);
        JsonElement sent = await one.GuestAsync($"pkt-gen tx --port 3 --count {RingFrames}");
        Assert.Equal((RingFrames, 0), (sent.GetProperty("packets").GetInt64(), sent.GetProperty("unsent").GetInt64()));
        await Eventually.TrueAsync(() => receiver.Counters.Packets == RingFrames,
            () => $"{receiver.Counters.Packets} received");
        receiver.CheckWhole();
        Assert.Equal(16, _wideThread.RxRings.Count(ring => ring.Counters.Packets != 0));
    }

    // First from the left machine, then from the right one by way of the left one, which bridges without a copy.
    private async Task AThreadOfTheHostAnswers(QemuVm one, QemuVm two)
    {
        using var echo = new HostGuest(_host, _thread, end => new Echo(end));
        JsonElement near = await one.GuestAsync("pkt-gen ping --port 2 --count 1000");
        await one.StartGuestAsync("bridge", "bridge 0 2");
        JsonElement far = await two.GuestAsync("pkt-gen ping --count 1000");
        JsonElement bridged = await one.StopGuestAsync("bridge");
        TestContext.Current.TestOutputHelper?.WriteLine($"near {near}\nfar {far}\nbridged {bridged}");
        foreach (JsonElement answers in (JsonElement[])[near, far])
        {
            Assert.Equal((1000, 0),
                (answers.GetProperty("packets").GetInt64(), answers.GetProperty("lost").GetInt64()));
        }

        Assert.Equal(2000, bridged.GetProperty("packets").GetInt64());
        Assert.Null(echo.Failure);
    }

    // Both have a port open and wait for packets that do not come.
    private async Task AnIdleMachineWakesNobody(QemuVm one, QemuVm two)
    {
        await one.StartGuestAsync("idle", "pkt-gen rx");
        await two.StartGuestAsync("idle", "pkt-gen rx");
        await Eventually.TrueAsync(
            () => Array.TrueForAll(_ends, end => _host.Ask(() => end.IsRunning)), () => "the ports were not started");

        // What comes with the start is over when a second has gone by without anything.
        string before;
        do
        {
            before = WakeUps();
        }
        while (await Eventually.WithinAsync(() => WakeUps() != before, QuietTime));

        bool woken = await Eventually.WithinAsync(() => WakeUps() != before, IdleTime);
        Assert.False(woken, $"{before}; then {WakeUps()}");
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"idle for {IdleTime.TotalSeconds} s, before and after: {before}");
        await Task.WhenAll(one.StopGuestAsync("idle"), two.StopGuestAsync("idle"));
    }

    private string WakeUps() => string.Create(
        CultureInfo.InvariantCulture,
        $"device server {_host.Server.WakeUps}, messages {_host.Server.Messages}, workers " +
        $"{_host.Workers.Workers.Sum(worker => worker.WakeUps)}, kicks {_ends.Sum(end => end.Kicks)}");
}
