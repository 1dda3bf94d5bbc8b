using System.Globalization;
using System.Text.Json;
using Ptnetmap.Integration.Tests.Qemu;

namespace Ptnetmap.Integration.Tests.Nic;

/// <summary>AF_XDP's zero-copy and busy polling on drivers that have them: in an emulated machine, for want of another. How
/// fast they are cannot be seen there.</summary>
[Collection(VirtualMachines.Name)]
public sealed class ZeroCopyTests
{
    // igb must not run short of buffers (see ZeroCopyDoubts): fewer frames than slots, less what the NIC's own ring holds.
    private const int Slots = 4096;
    private const int Frames = 3000;

    private const int ShortRing = 256;
    private const int Replays = 4 * ShortRing;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Frames_go_between_driver_and_region_without_a_copy_and_no_buffer_is_lost()
    {
        await using QemuVm vm = await NicMachine.StartAsync();
        await MemoryThatTheDeviceCannotHaveIsRefused(vm);
        await FramesPass(vm, "eth2,eth3", "--buffer-size 4096 --hugepages off");
        await FramesPass(vm, "eth3,eth2", "--buffer-size 4096 --hugepages off --busy-poll 50");

        // So few slots that all of a region is in one hugepage: two of them need not be neighbours.
        await FramesPass(vm, "eth0,eth1", "--hugepages required", slots: ShortRing);
        await FramesPass(vm, "eth1,eth0", "--buffer-size 4096 --hugepages off --busy-poll 50");
        await vm.StartDaemonAsync();
        await NoBufferIsLostWhenTheDriverBeginsAnew(vm);
        await RulesThatTheDriverHasNotAreTold(vm);
        Assert.DoesNotMatch("Oops|BUG:|WARNING:", await vm.MustAsync("dmesg"));
    }

    private static async Task MemoryThatTheDeviceCannotHaveIsRefused(QemuVm vm)
    {
        (int code, string output) = await vm.RunAsync("ptnet bench nic --between eth2,eth3 --mode zero-copy --hugepages off 2>&1");
        Assert.NotEqual(0, code);
        Assert.Contains("neighbours in the machine's memory", output, StringComparison.Ordinal);
        Assert.Contains("--buffer-size 4096", output, StringComparison.Ordinal);
    }

    private static async Task FramesPass(QemuVm vm, string between, string options, int slots = Slots)
    {
        JsonElement report = await vm.BenchAsync(
            between, $"--slots {slots} --packets {Frames} --rate {Frames} --frame 1000 {options}");
        TestContext.Current.TestOutputHelper?.WriteLine($"{between} {options}: {report}");
        Assert.Equal("zerocopy", report.GetProperty("mode").GetString());

        // QEMU's hub has frames that it had to keep back overtaken by later ones: their order says nothing.
        string[] fields = ["copied_bytes", "sent", "received", "lost", "duplicated", "damaged"];
        Assert.Equal($"0 {Frames} {Frames} 0 0 0", string.Join(' ', fields.Select(report.GetProperty)));
    }

    // Nobody takes what comes out of a pipe behind the port: just as many frames come as buffers are lent, first those that
    // went into the pipe and then as many again, less none that a device which began anew has lost.
    private static async Task NoBufferIsLostWhenTheDriverBeginsAnew(QemuVm vm)
    {
        await vm.MustAsync($"ptnet domain add page --buffer-size 4096 --hugepages off --ports 3 --slots {ShortRing}");
        await vm.MustAsync($"ptnet pipe add 'full{{1' --domain page --slots {ShortRing} --transport none");
        await vm.MustAsync(
            $"ptnet bridge add netmap:eth1 'full{{1' --domain page --slots {ShortRing} --mode zero-copy --promiscuous");
        await vm.MustAsync("ip link set eth1 down; ip link set eth1 up; ip link set eth1 mtu 1400; ip link set eth1 mtu 1500");
        await Until(vm, "netmap:eth1", "up again", port => port.GetProperty("host").GetProperty("link").GetString() == "up");

        await vm.MustAsync($"printf '{Capture()}' >/tmp/frame.pcap");
        await vm.MustAsync($"ptnet domain add replay --buffer-size 4096 --hugepages off --ports 2 --slots {ShortRing}");
        await vm.MustAsync(
            $"ptnet bridge add pcap:/tmp/frame.pcap,- netmap:eth0 --domain replay --slots {ShortRing} --mode zero-copy --loops {Replays}");
        JsonElement received = await Until(
            vm, "netmap:eth1", "full", port => Counter(port, "xdp_redirected") == 2 * (ShortRing - 1));

        // With the port gone the kernel takes the rest, and the sender is done.
        await vm.MustAsync("ip link set eth0 down; ip link set eth0 up; ptnet bridge rm netmap:eth1");
        JsonElement sent = await Until(
            vm, "netmap:eth0", "done, with all slots back",
            port => TxOf(port) is var ring && ring.GetProperty("head").GetInt64() == Replays % ShortRing
                && ring.GetProperty("hw_tail").GetInt64() == (Replays - 1) % ShortRing);
        TestContext.Current.TestOutputHelper?.WriteLine($"receiver {received}\nsender {sent}");
        foreach (JsonElement port in (JsonElement[])[received, sent])
        {
            Assert.Equal("zero-copy", port.GetProperty("host").GetProperty("mode").GetString());
            Assert.Equal((0, 0), (Counter(port, "copied_bytes"), Counter(port, "tx_invalid_frames")));
        }
    }

    // The emulated igb is an 82576, whose driver offers no rules, and the port says so.
    private static async Task RulesThatTheDriverHasNotAreTold(QemuVm vm)
    {
        await vm.MustAsync("ethtool -L eth3 combined 2; ptnet domain add two --buffer-size 4096 --hugepages off --ports 2 --slots 1024");
        foreach (int queue in (int[])[0, 1])
        {
            await vm.MustAsync(
                $"ptnet port add netmap:eth3-{queue} --domain two --mode zero-copy --filter mac=02:00:00:00:00:0{queue} --transport none");
            JsonElement host = (await vm.PortAsync($"netmap:eth3-{queue}")).GetProperty("host");
            Assert.Equal("zero-copy", host.GetProperty("mode").GetString());
            Assert.Contains($"does not steer mac=02:00:00:00:00:0{queue} to queue {queue}", $"{host}", StringComparison.Ordinal);
        }

        Assert.Contains("Total 0 rules", await vm.MustAsync("ethtool -n eth3"), StringComparison.Ordinal);
    }

    private static async Task<JsonElement> Until(QemuVm vm, string port, string what, Func<JsonElement, bool> condition)
    {
        DateTime end = DateTime.UtcNow + Deadline;
        JsonElement now = await vm.PortAsync(port);
        while (!condition(now))
        {
            Assert.True(DateTime.UtcNow < end, $"{port} is not {what}: {now}");
            now = await vm.PortAsync(port);
        }

        return now;
    }

    private static JsonElement TxOf(JsonElement port) =>
        port.GetProperty("ring_state").EnumerateArray().First(ring => ring.GetProperty("direction").GetString() == "tx");

    private static long Counter(JsonElement port, string name) =>
        port.GetProperty("host").GetProperty("counters").GetProperty(name).GetInt64();

    // A capture of one broadcast frame, as printf takes it.
    private static string Capture()
    {
        byte[] header = [0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 1, 0, 0, 0];
        byte[] record = [1, 0, 0, 0, 0, 0, 0, 0, 60, 0, 0, 0, 60, 0, 0, 0];
        byte[] frame = [.. Enumerable.Repeat((byte)0xFF, 6), 2, 0, 0, 0, 0, 9, 0x88, 0xB5, .. new byte[46]];
        return string.Concat(header.Concat(record).Concat(frame).Select(
            part => $"\\{Convert.ToString(part, 8).PadLeft(3, '0')}".ToString(CultureInfo.InvariantCulture)));
    }
}
