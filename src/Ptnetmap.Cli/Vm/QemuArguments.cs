using Ptnetmap.Daemon.Api;

namespace Ptnetmap.Cli.Vm;

/// <summary>A virtual machine as QEMU's command line says it.</summary>
/// <param name="Vm">Machine, memory and devices, as the daemon composed them.</param>
/// <param name="Accelerator">What runs it.</param>
/// <param name="Kernel">The guest's kernel, a file.</param>
/// <param name="Initrd">Its initramfs, a file.</param>
internal sealed record QemuArguments(VmReport Vm, Accelerator Accelerator, string Kernel, string Initrd)
{
    /// <summary>More for the kernel's command line.</summary>
    internal string Append { get; init; } = "";

    /// <summary>Processors.</summary>
    internal long Cpus { get; init; } = 1;

    /// <summary>Where its serial lines end; the first one is the console.</summary>
    internal IReadOnlyList<string> SerialLines { get; init; } = ["stdio"];

    /// <summary>More arguments, as they are.</summary>
    internal IReadOnlyList<string> More { get; init; } = [];

    /// <summary>All of them, in order.</summary>
    internal IReadOnlyList<string> All =>
    [
        .. Accelerator.Arguments, "-smp", $"{Cpus}", "-nodefaults", "-no-user-config", "-display", "none",
        .. SerialLines.SelectMany(line => (string[])["-serial", line]), .. Vm.Arguments,
        "-kernel", Kernel, "-initrd", Initrd, "-append", $"console=ttyS0 panic=-1 {Append}".TrimEnd(), .. More,
    ];
}
