using System.Text.Json;
using Ptnetmap.Integration.Tests.Qemu;

namespace Ptnetmap.Integration.Tests.HostPorts;

/// <summary>AF_XDP's zero-copy and busy polling on drivers that have them: in an emulated machine, for want of another.
/// How fast they are cannot be seen there.</summary>
[Collection(VirtualMachines.Name)]
public sealed class ZeroCopyTests
{
    // igb must not run short of buffers (see ZeroCopyDoubts): fewer frames than slots, less what the NIC's own ring
    // holds. And fewer than that ring holds, so that none is lost in it whatever else keeps the machine busy.
    private const int Slots = 8192;
    private const int Frames = 3000;

    private const int ShortRing = 256;

    [Fact]
    public async Task Frames_go_between_driver_and_region_without_a_copy_and_none_is_lost()
    {
        await using QemuVm vm = await NicMachine.StartAsync();
        await MemoryThatTheDeviceCannotHaveIsRefused(vm);
        await FramesPass(vm, "eth2,eth3", "--buffer-size 4096 --hugepages off");
        await FramesPass(vm, "eth3,eth2", "--buffer-size 4096 --hugepages off --busy-poll 50");

        // So few slots that all of a region is in one hugepage: two of them need not be neighbours.
        await FramesPass(vm, "eth0,eth1", "--hugepages required", slots: ShortRing);
        await FramesPass(vm, "eth1,eth0", "--buffer-size 4096 --hugepages off --busy-poll 50");
        await vm.StartDaemonAsync();
        await RulesThatTheDriverHasNotAreTold(vm);
        Assert.DoesNotMatch("Oops|BUG:|WARNING:", await vm.MustAsync("dmesg"));
    }

    private static async Task MemoryThatTheDeviceCannotHaveIsRefused(QemuVm vm)
    {
        (int code, string output) =
            await vm.RunAsync("ptnet bench nic --between eth2,eth3 --mode zero-copy --hugepages off 2>&1");
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

    // The emulated igb is an 82576, whose driver offers no rules, and the port says so.
    private static async Task RulesThatTheDriverHasNotAreTold(QemuVm vm)
    {
        await vm.MustAsync("ethtool -L eth3 combined 2; ptnet domain add two --buffer-size 4096 --hugepages off " +
            "--ports 2 --slots 1024");
        foreach (int queue in (int[])[0, 1])
        {
            await vm.MustAsync(
                $"ptnet port add netmap:eth3-{queue} --domain two --mode zero-copy --filter " +
                $"mac=02:00:00:00:00:0{queue} --transport none");
            JsonElement host = (await vm.PortAsync($"netmap:eth3-{queue}")).GetProperty("host");
            Assert.Equal("zero-copy", host.GetProperty("mode").GetString());
            Assert.Contains($"does not steer mac=02:00:00:00:00:0{queue} to queue {queue}", $"{host}",
                StringComparison.Ordinal);
        }

        Assert.Contains("Total 0 rules", await vm.MustAsync("ethtool -n eth3"), StringComparison.Ordinal);
    }
}
