using System.CommandLine;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Cli.Vm;

namespace Ptnetmap.Cli.Demo.LinuxGuests;

/// <summary>What the Linux guests are started with, as the command line says.</summary>
internal sealed class LinuxGuestOptions
{
    /// <summary>The word of <c>--guests</c> that asks for them.</summary>
    internal const string Word = "qemu";

    internal Option<FileInfo> Kernel { get; } = File("--kernel", "qemu: the guests' kernel. Default: the one of eng/fetch-kernel.");

    internal Option<FileInfo> Initrd { get; } = File(
        "--initrd", "qemu: their initramfs, as eng/make-initramfs makes it. Default: made now, in the sources.");

    internal Option<string?> Qemu { get; } = QemuFinder.Option();

    internal Option<string> Accel { get; } = Choice.Word("--accel", "qemu: what runs the guests.", "auto", Accelerator.Words);

    /// <summary>All of them.</summary>
    internal IReadOnlyList<Option> All => [Kernel, Initrd, Qemu, Accel];

    /// <summary>Refuses options that other guests do not go by.</summary>
    /// <exception cref="UsageException">One of them was given.</exception>
    internal void RequireNone(ParseResult parsed)
    {
        if (All.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } given)
        {
            throw new UsageException($"{given.Name} goes with --guests {Word}");
        }
    }

    private static Option<FileInfo> File(string name, string what) =>
        new Option<FileInfo>(name) { Description = what, HelpName = "FILE" }.AcceptExistingOnly();
}
