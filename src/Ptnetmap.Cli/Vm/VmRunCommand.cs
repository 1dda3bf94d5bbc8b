using System.CommandLine;
using Ptnetmap.Cli.Bench;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Cli.Control;
using Ptnetmap.Daemon.Api;
using Ptnetmap.Lab.LinuxGuests;

namespace Ptnetmap.Cli.Vm;

/// <summary><c>ptnet vm run</c>.</summary>
internal static class VmRunCommand
{
    private const string Lesson =
        """
        One virtual machine in the foreground, its first serial line on this terminal. Ctrl-C ends it; 'poweroff -f' in the
        guest as well. It runs on KVM where that runs a kernel natively (tried, in some milliseconds), else QEMU emulates it.
        What follows '--' goes to QEMU as it is.

        Examples:
          ptnet vm run --kernel vmlinuz --initrd initramfs --port vale0:web
          ptnet vm run --kernel vmlinuz --initrd initramfs --port vale0:web 'p{1' --memory 1G --cpus 2 -- -s
          ptnet vm run --disk freebsd.qcow2 --port vale0:web           boots from the disk; docs/qemu.md has FreeBSD's needs

        In the sources, eng/fetch-kernel and eng/make-initramfs OUTPUT make a kernel and a guest that has ptnet in it.
        """;

    private static readonly Option<FileInfo> Kernel =
        File("--kernel", "The guest's kernel: bzImage or vmlinux. Default: it boots from a disk.");
    private static readonly Option<FileInfo> Initrd = File("--initrd", "The kernel's initramfs.");
    private static readonly Option<FileInfo> Cdrom =
        File("--cdrom", "A CD image; it boots from it when there is neither kernel nor disk that does.");

    private static readonly Option<FileInfo[]> Disks = new Option<FileInfo[]>("--disk")
    {
        Description = "Disks (virtio), raw or qcow2.",
        HelpName = "FILE",
        AllowMultipleArgumentsPerToken = true,
    }.AcceptExistingOnly();

    private static readonly Option<string[]> Ports = new("--port")
    {
        Description = "Ports, in the order in which the guest finds them.",
        HelpName = "PORT",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<long> Cpus = Choice.Whole("--cpus", "N", "Its processors.", 1, 64, 1);
    private static readonly Option<string> Append = new("--append")
    {
        Description = "More for the kernel's command line.",
        HelpName = "TEXT",
        DefaultValueFactory = _ => "",
    };

    private static readonly Option<string> Accel = Choice.Word("--accel", "What runs it.", "auto", Accelerator.Words);
    private static readonly Option<string?> Qemu = LinuxGuestOptions.QemuOption();

    private static readonly Argument<string[]> More = new("QEMU-ARGUMENT")
    {
        Description = "After '--': more arguments for QEMU.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    internal static Command Create()
    {
        var options = new VmOptions();
        var command = new TeachingCommand(
            "run", "Start one virtual machine with ports of the daemon, in the foreground", Lesson)
        {
            Kernel, Initrd, Disks, Cdrom, Ports, Cpus, Append, Accel, Qemu, More,
        };
        foreach (Option option in options.All)
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed => Run(options, parsed));
        return command;
    }

    private static Option<FileInfo> File(string name, string what) =>
        new Option<FileInfo>(name) { Description = what, HelpName = "FILE" }.AcceptExistingOnly();

    // With nothing to boot from QEMU would sit there without a word.
    private static void RequireBoot(ParseResult parsed)
    {
        bool hasKernel = parsed.GetValue(Kernel) is not null;
        if (!hasKernel && parsed.GetValue(Disks) is not { Length: > 0 } && parsed.GetValue(Cdrom) is null)
        {
            throw new UsageException("nothing to boot from; name a --kernel, a --disk or a --cdrom");
        }

        if (!hasKernel && (parsed.GetValue(Initrd) is not null || parsed.GetValue(Append)!.Length > 0))
        {
            throw new UsageException("--initrd and --append are for a --kernel, and none is named");
        }
    }

    private static int Run(VmOptions options, ParseResult parsed)
    {
        RequireBoot(parsed);
        VmReport vm;
        using (var client = new ControlClient(RunDirOption.Read(parsed)))
        {
            (vm, _) = options.Ask(parsed, client, parsed.GetValue(Ports)!);
        }

        foreach (string note in vm.Notes)
        {
            Console.Error.WriteLine($"ptnet: note: {note}");
        }

        string qemu = QemuFinder.Find(parsed.GetValue(Qemu));
        Accelerator accelerator = Accelerator.Choose(parsed.GetValue(Accel)!);
        Console.Error.WriteLine(
            $"ptnet: {qemu}, " +
            $"{accelerator.Name}{(accelerator.Reason is { } reason ? $" ({reason})" : "")}; Ctrl-C ends the VM");
        string append = $"{(options.Read(parsed).Iommu ? "intel_iommu=on " : "")}{parsed.GetValue(Append)}";
        var machine = new QemuArguments(
            vm, accelerator, parsed.GetValue(Kernel)?.FullName, parsed.GetValue(Initrd)?.FullName)
        {
            Disks = [.. (parsed.GetValue(Disks) ?? []).Select(disk => disk.FullName)],
            Cdrom = parsed.GetValue(Cdrom)?.FullName,
            Append = append,
            Cpus = parsed.GetValue(Cpus),
            More = parsed.GetValue(More)!,
        };
        return QemuRun.Run(qemu, machine.All);
    }
}
