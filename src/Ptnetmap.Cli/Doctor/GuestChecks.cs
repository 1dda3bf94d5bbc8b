using Ptnetmap.Cli.Reports;
using Ptnetmap.Linux.Kvm;

namespace Ptnetmap.Cli.Doctor;

/// <summary>What runs guests, and what builds this program.</summary>
internal static class GuestChecks
{
    private static readonly string[] Compilers = ["clang", "gcc", "cc"];

    internal static IEnumerable<Check> Run() => [Kvm(), KernelsOnKvm(), Compiler()];

    private static Check Kvm()
    {
        KvmProbeResult probe = KvmProbe.Run();
        string cost = $"{probe.GuestNanoseconds:0.##} ns a loop turn, {probe.ExitMicroseconds:0.#} us an exit";
        return (probe.Exists, probe.Usable, probe.Native) switch
        {
            (_, true, true) => Check.Good("KVM", $"demo and bench: their own small guests run natively ({cost})"),
            (_, true, false) => Check.Poor(
                "KVM", probe.Problem ?? $"guests are emulated ({cost})",
                "use --guests thread, or a machine with hardware virtualisation"),
            (true, false, _) => Check.Poor(
                "KVM", probe.Problem ?? "/dev/kvm cannot be used",
                "let the user open it (group kvm: usermod -aG kvm USER), or use --guests thread"),
            _ => Check.Poor(
                "KVM", probe.Problem ?? "no /dev/kvm",
                "load kvm_intel or kvm_amd, pass /dev/kvm in, or use --guests thread"),
        };
    }

    // A machine that emulates a kernel's privileged instructions runs our small guests well, and Linux hardly.
    private static Check KernelsOnKvm()
    {
        const string name = "KVM for kernels";
        const string use = "vm run, demo --guests qemu";
        KvmProbeResult probe = KvmProbe.Run(asKernel: true);
        return probe is { Usable: true, Native: true }
            ? Check.Good(name, $"{use}: a kernel's code runs natively")
            : Check.Poor(
                name, $"{use}: emulated by QEMU ({probe.Problem ?? "KVM does not run a kernel's code natively"})",
                "a machine with hardware virtualisation, or patience: everything works, tens of times slower");
    }

    private static Check Compiler()
    {
        string[] path = (Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin").Split(':',
            StringSplitOptions.RemoveEmptyEntries);
        string? found =
            Compilers.SelectMany(name => path.Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
        return found is not null
            ? Check.Good("C compiler", $"{found}: links the native build")
            : Check.Poor("C compiler", "none: ./ptnet builds for the JIT", "install gcc or clang, and zlib's headers");
    }
}
