using System.CommandLine;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Lab.LinuxGuests;

namespace Ptnetmap.Cli.Bench;

/// <summary>What the Linux guests are started with, as the command line says.</summary>
internal sealed class LinuxGuestOptions
{
    internal Option<FileInfo> Kernel { get; } =
        File("--kernel", "qemu: the guests' kernel. Default: the one of eng/fetch-kernel.");

    internal Option<FileInfo> Initrd { get; } = File(
        "--initrd", "qemu: their initramfs, as eng/make-initramfs makes it. Default: made now, in the sources.");

    internal Option<string?> Qemu { get; } = QemuOption();

    internal Option<string> Accel { get; } =
        Choice.Word("--accel", "qemu: what runs the guests.", "auto", Accelerator.Words);

    private Option[] All => [Kernel, Initrd, Qemu, Accel];

    /// <summary>Adds all of them to a command.</summary>
    internal Command AddTo(Command command)
    {
        Array.ForEach(All, command.Options.Add);
        return command;
    }

    /// <summary>Refuses options that other guests do not go by.</summary>
    /// <exception cref="UsageException">One of them was given.</exception>
    internal void RequireNone(ParseResult parsed)
    {
        if (All.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } given)
        {
            throw new UsageException($"{given.Name} goes with --guests {BenchOptions.LinuxWord}");
        }
    }

    /// <summary>What they say.</summary>
    internal LinuxGuestSettings Read(ParseResult parsed) => new(
        parsed.GetValue(Qemu), parsed.GetValue(Kernel)?.FullName, parsed.GetValue(Initrd)?.FullName,
        Accelerator.Choose(parsed.GetValue(Accel)!));

    /// <summary><c>--qemu</c>.</summary>
    internal static Option<string?> QemuOption() => new("--qemu")
    {
        Description = "The QEMU. Default: " +
            $"${QemuFinder.Variable}, else the first with vfio-user of PATH, usual places, and eng/fetch-qemu's.",
        HelpName = "PATH",
    };

    private static Option<FileInfo> File(string name, string what) =>
        new Option<FileInfo>(name) { Description = what, HelpName = "FILE" }.AcceptExistingOnly();
}
