using System.Text.Json;
using Ptnetmap.Integration.Tests.Qemu;

namespace Ptnetmap.Integration.Tests.HostPorts;

/// <summary>A virtual machine with emulated NICs whose drivers do zero-copy: <c>eth0</c> and <c>eth1</c> are
/// virtio_net's and connected to each other, <c>eth2</c> and <c>eth3</c> igb's. ptnet runs in it.</summary>
internal static class NicMachine
{
    // igb: its virtual functions want a bus of their own. virtio_net: the device is to go by the addresses that the DMA
    // API gives it, and offloads that make frames larger than a buffer exclude XDP.
    private static readonly string[] Machine =
    [
        "-m", "640", "-smp", "2", "-machine", "q35",
        .. Cable(1, "n0", "n1"), .. Cable(2, "n2", "n3"),
        .. Nic("n0", "virtio-net-pci", VirtioOptions), .. Nic("n1", "virtio-net-pci", VirtioOptions),
        .. Nic("n2", "igb", ""), .. Nic("n3", "igb", ""),
    ];

    private const string VirtioOptions =
        ",iommu_platform=on,disable-legacy=on,guest_tso4=off,guest_tso6=off,guest_ecn=off,guest_ufo=off";

    /// <summary>Starts it; its interfaces are up and have a queue each.</summary>
    internal static async Task<QemuVm> StartAsync()
    {
        QemuVm vm = await QemuVm.StartAsync(
            QemuTools.NeedForNics(), "nics", [],
            new QemuVmOptions { Machine = Machine, Kernel = "ipv6.disable=1 hugepages=8" });
        try
        {
            await vm.MustAsync(
                "for i in 2 3; do ethtool -L eth$i combined 1; ethtool -G eth$i rx 4096; done; " +
                "for i in 0 1 2 3; do ip link set eth$i up; done");
            Assert.Contains("driver: virtio_net", await vm.MustAsync("ethtool -i eth1"), StringComparison.Ordinal);
            Assert.Contains("driver: igb", await vm.MustAsync("ethtool -i eth2"), StringComparison.Ordinal);
            return vm;
        }
        catch
        {
            await vm.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends numbered frames from one interface to the other. The report is the caller's to judge: the exit
    /// code calls a frame that was overtaken a failure, and QEMU's hub lets frames be overtaken.</summary>
    internal static async Task<JsonElement> BenchAsync(this QemuVm vm, string between, string options)
    {
        string output = await vm.MustAsync(
            "rm -f /tmp/report; ptnet bench nic --between " +
            $"{between} --mode zero-copy --verify --runs 1 {options} --json /tmp/report " +
            ">/dev/null 2>/tmp/bench.err; cat /tmp/report || { cat /tmp/bench.err; false; }");
        return JsonDocument.Parse(output).RootElement;
    }

    /// <summary>Starts a daemon in the guest; what it says goes to <c>/tmp/up.log</c>.</summary>
    internal static Task<string> StartDaemonAsync(this QemuVm vm) => vm.MustAsync(
        "export PTNET_RUN_DIR=/run/ptnet; ptnet up >/tmp/up.log 2>&1 & echo $! >/tmp/up.pid; " +
        "until ptnet port ls >/dev/null 2>&1; do kill -0 $(cat /tmp/up.pid) || { cat /tmp/up.log; break; }; usleep " +
        "200000; done");

    /// <summary>What <c>ptnet port show</c> says.</summary>
    internal static async Task<JsonElement> PortAsync(this QemuVm vm, string port) =>
        JsonDocument.Parse(await vm.MustAsync($"ptnet port show {port} --json")).RootElement;

    private static string[] Cable(int hub, string left, string right) =>
        ["-netdev", $"hubport,hubid={hub},id={left}", "-netdev", $"hubport,hubid={hub},id={right}"];

    private static string[] Nic(string name, string driver, string options) =>
    [
        "-device", $"pcie-root-port,id=port-{name},chassis={name[1] - '0' + 1},slot={name[1] - '0' + 1}",
        "-device", $"{driver},bus=port-{name},netdev={name},mac=52:54:00:00:00:0{name[1]}{options}",
    ];
}
