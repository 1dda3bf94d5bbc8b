namespace Ptnetmap.Integration.Tests.Qemu;

/// <summary>How a virtual machine is made.</summary>
internal sealed record QemuVmOptions
{
    /// <summary>With a virtual IOMMU: MSI-X from user space.</summary>
    internal bool Iommu { get; init; }

    /// <summary>Empty PCI Express root ports, <c>slot0</c> and on, for devices that are added while it runs; with room
    /// for a region, which the firmware would not leave otherwise.</summary>
    internal int EmptySlots { get; init; }

    /// <summary>More of the kernel's command line.</summary>
    internal string Kernel { get; init; } = "";

    /// <summary>Machine, memory and devices as somebody else composed them; null: made of the above and the
    /// sockets.</summary>
    internal IReadOnlyList<string>? Machine { get; init; }

    /// <summary>The processor.</summary>
    internal string Processor { get; init; } = "max";

    /// <summary>More devices.</summary>
    internal IReadOnlyList<string> Devices { get; init; } = [];

    /// <summary>The path of the network namespace that QEMU is to run in; null: ours.</summary>
    internal string? NetworkNamespace { get; init; }

    /// <summary>QEMU's arguments: emulated, memory that can be shared, a control channel on the second serial
    /// line.</summary>
    /// <param name="tools">Where kernel and initramfs are.</param>
    /// <param name="sockets">The devices.</param>
    /// <param name="folder">For the console's log and the monitor's socket.</param>
    internal string[] Arguments(QemuTools tools, IEnumerable<string> sockets, string folder)
    {
        string[] unit = Iommu ? ["-device", "intel-iommu,intremap=on,caching-mode=on"] : [];
        string[] slots = [.. Enumerable.Range(0, EmptySlots).SelectMany(i => (string[])
        [
            "-device", $"pcie-root-port,id=slot{i},chassis={i + 1},slot={i + 1},pref64-reserve=64M",
        ])];
        string[] devices = [.. sockets.SelectMany((socket, i) => (string[])["-device", Device($"v{i}", socket)])];
        IReadOnlyList<string> machine = Machine ??
        [
            "-m", "256", "-object", "memory-backend-memfd,id=mem,size=256M,share=on",
            "-machine", $"q35,memory-backend=mem{(Iommu ? ",kernel-irqchip=split" : "")}",
            .. unit, .. slots, .. devices,
        ];
        return
        [
            "-accel", "tcg,thread=multi", "-cpu", Processor, "-display", "none", "-nodefaults", "-no-user-config",
            .. machine, .. Devices, "-kernel", tools.Kernel, "-initrd", tools.Initramfs,
            "-append", $"console=ttyS0 quiet panic=-1 ptnet.control=ttyS1{(Iommu ? " intel_iommu=on" : "")} {Kernel}",
            "-serial", $"file:{QemuVm.ConsoleIn(folder)}", "-serial", "stdio",
            "-qmp", $"unix:{QemuMonitor.SocketIn(folder)},server=on,wait=off",
        ];
    }

    /// <summary>A device from a vfio-user socket, as <c>-device</c> and <c>device_add</c> take it.</summary>
    internal static string Device(string id, string socket, string? bus = null) =>
        $$"""{"driver":"vfio-user-pci","id":"{{id}}",{{(bus is null ? "" : $"\"bus\":\"{bus}\",")}}"socket":{"type":"unix","path":"{{socket}}"} }""";
}
