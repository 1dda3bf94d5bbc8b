using System.Diagnostics;

namespace Ptnetmap.Integration.Tests.Qemu;

/// <summary>QEMU, a kernel and an initramfs, fetched and made once; tests are skipped where they cannot be
/// had.</summary>
/// <param name="Qemu">Starts QEMU.</param>
/// <param name="Kernel">Its file.</param>
/// <param name="Initramfs">Its file.</param>
/// <param name="Iperf">The folder that iperf3 came from; null when it cannot be had.</param>
/// <param name="NoIperf">Why not.</param>
internal sealed record QemuTools(string Qemu, string Kernel, string Initramfs, string? Iperf, string? NoIperf)
{
    private const int CannotBeHad = 77;

    private static readonly Lazy<(QemuTools? Tools, string? Reason)> Fetched = new(Fetch);
    private static readonly Lazy<(QemuTools? Tools, string? Reason)> FetchedForNics = new(FetchForNics);

    /// <summary>What is there, or the end of the test.</summary>
    internal static QemuTools Need()
    {
        Needs.CCompiler();
        (QemuTools? tools, string? reason) = Fetched.Value;
        if (tools is null)
        {
            Assert.Skip(reason!);
        }

        return tools!;
    }

    /// <summary>With a kernel whose drivers of NICs do zero-copy; the guest has ptnet and ethtool, and no test's
    /// programs.</summary>
    internal static QemuTools NeedForNics()
    {
        Needs.CCompiler();
        (QemuTools? tools, string? reason) = FetchedForNics.Value;
        if (tools is null)
        {
            Assert.Skip(reason!);
        }

        return tools!;
    }

    private static (QemuTools? Tools, string? Reason) FetchForNics()
    {
        string initramfs = Path.Combine(Tree.Root, "artifacts", "test", "initramfs-nics");
        Directory.CreateDirectory(Path.GetDirectoryName(initramfs)!);
        (string? qemu, string? reason) = Get("eng/fetch-qemu");
        (string? kernel, string? noKernel) = Get("eng/fetch-kernel", "nics");
        if (qemu is null || kernel is null)
        {
            return (null, reason ?? noKernel);
        }

        _ = Get("/usr/bin/env", $"PTNET_KERNEL={kernel}", Path.Combine(Tree.Root, "eng/make-initramfs"), initramfs);
        return (new QemuTools(qemu, Path.Combine(kernel, "vmlinuz"), initramfs, null, "not in this guest"), null);
    }

    // What a script prints, or why that cannot be had here.
    private static (string? Output, string? Reason) Get(params string[] command)
    {
        (int code, string output, string errors) = Run(command);
        if (code == CannotBeHad)
        {
            return (null, $"{string.Join(' ', command)}: {errors.Trim()}");
        }

        Assert.True(code == 0, $"{string.Join(' ', command)} ended with {code}: {errors}");
        return (output.Trim(), null);
    }

    private static (QemuTools? Tools, string? Reason) Fetch()
    {
        string folder = Path.Combine(Tree.Root, "artifacts", "test");
        string initramfs = Path.Combine(folder, "initramfs");
        string extra = Path.Combine(folder, "guest");
        (int iperfCode, string iperf, string iperfErrors) = Run(["eng/fetch-iperf3"]);
        MakeExtraFiles(extra, iperfCode == 0 ? iperf.Trim() : null);
        string[][] commands =
        [
            ["eng/fetch-qemu"], ["eng/fetch-kernel"], ["eng/publish-native", "tests/Ptnetmap.Peer",
                Path.Combine(extra, "opt", "peer")],
            ["eng/make-initramfs", initramfs, "", extra],
        ];
        var found = new List<string>();
        foreach (string[] command in commands)
        {
            (int code, string output, string errors) = Run(command);
            if (code == CannotBeHad)
            {
                return (null, $"{command[0]}: {errors.Trim()}");
            }

            Assert.True(code == 0, $"{command[0]} ended with {code}: {errors}");
            found.Add(output.Trim());
        }

        string? why = iperfCode == 0 ? null : iperfErrors.Trim();
        return (new QemuTools(found[0], Path.Combine(found[1], "vmlinuz"), initramfs, why is null ? iperf.Trim() : null,
            why), null);
    }

    // What the tests have in the guest beside ptnet. The peer's libraries are ptnet's.
    private static void MakeExtraFiles(string extra, string? iperf)
    {
        string programs = Path.Combine(extra, "bin");
        Directory.CreateDirectory(programs);
        string probe = Path.Combine(programs, "probe-devices");
        File.Copy(Path.Combine(Tree.Root, "tests/Ptnetmap.Integration.Tests/Qemu/probe-devices.sh"), probe,
            overwrite: true);
        File.SetUnixFileMode(probe, (UnixFileMode)0b111_101_101);
        if (iperf is not null)
        {
            _ = Run(["/bin/cp", "-R", $"{iperf}/.", extra]);
        }
    }

    private static (int Code, string Output, string Errors) Run(string[] command)
    {
        ProcessStartInfo start = new(Path.Combine(Tree.Root, command[0]), command[1..])
        {
            WorkingDirectory = Tree.Root,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.GetAwaiter().GetResult());
    }
}
