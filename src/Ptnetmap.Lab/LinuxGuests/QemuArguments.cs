using Ptnetmap.Daemon.Api;

namespace Ptnetmap.Lab.LinuxGuests;

/// <summary>A virtual machine as QEMU's command line says it.</summary>
/// <param name="Vm">Machine, memory and devices, as the daemon composed them.</param>
/// <param name="Accelerator">What runs it.</param>
/// <param name="Kernel">The guest's kernel, a file; null: it boots from a disk.</param>
/// <param name="Initrd">Its initramfs, a file; null: none.</param>
public sealed record QemuArguments(VmReport Vm, Accelerator Accelerator, string? Kernel, string? Initrd)
{
    private static readonly byte[] Qcow = [(byte)'Q', (byte)'F', (byte)'I', 0xFB];

    /// <summary>Disks, raw or qcow2 files; virtio.</summary>
    public IReadOnlyList<string> Disks { get; init; } = [];

    /// <summary>A CD image; null: none.</summary>
    public string? Cdrom { get; init; }

    /// <summary>More for the kernel's command line.</summary>
    public string Append { get; init; } = "";

    /// <summary>Processors.</summary>
    public long Cpus { get; init; } = 1;

    /// <summary>Where its serial lines end; the first one is the console.</summary>
    public IReadOnlyList<string> SerialLines { get; init; } = ["stdio"];

    /// <summary>More arguments, as they are.</summary>
    public IReadOnlyList<string> More { get; init; } = [];

    /// <summary>All of them, in order.</summary>
    public IReadOnlyList<string> All =>
    [
        .. Accelerator.Arguments, "-smp", $"{Cpus}", "-nodefaults", "-no-user-config", "-display", "none",
        .. SerialLines.SelectMany(line => (string[])["-serial", line]), .. Vm.Arguments,
        .. Boot,
        .. Disks.SelectMany(disk => (string[])["-drive", $"if=virtio,format={FormatOf(disk)},file={Escaped(disk)}"]),
        .. Cdrom is null
            ? []
            : (string[])["-drive", $"media=cdrom,readonly=on,format=raw,file={Escaped(Cdrom)}"], .. More,
    ];

    private IEnumerable<string> Boot => Kernel is null ? [] :
    [
        "-kernel", Kernel, .. Initrd is null ? [] : (string[])["-initrd", Initrd],
        "-append", $"console=ttyS0 panic=-1 {Append}".TrimEnd(),
    ];

    // QEMU guesses as well, but then keeps a guest from writing to the first sector of a raw disk.
    private static string FormatOf(string file)
    {
        using FileStream disk = File.OpenRead(file);
        Span<byte> head = stackalloc byte[Qcow.Length];
        return disk.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head.SequenceEqual(Qcow)
            ? "qcow2"
            : "raw";
    }

    // A comma in a value of QEMU's is written twice.
    private static string Escaped(string file) => file.Replace(",", ",,", StringComparison.Ordinal);
}
