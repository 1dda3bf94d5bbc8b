using System.Runtime.InteropServices;
using Ptnetmap.Cli.Reports;
using Ptnetmap.Lab.Machine;

namespace Ptnetmap.Cli.Doctor;

/// <summary>Processor, kernel, and how much of them this process may use.</summary>
internal static class ProcessorChecks
{
    // memfd_create with seals and hugetlb is 4.14; the oldest kernel that is still maintained is what was thought of.
    private static readonly Version OldestKernel = new(5, 10);

    internal static IEnumerable<Check> Run() => [Architecture(), Cores(), Quota(), Kernel()];

    /// <summary>The kernel's version; null when it cannot be read.</summary>
    internal static Version? Release()
    {
        string release = ProcFile.Line("/proc/sys/kernel/osrelease") ?? "";
        string digits = new([.. release.TakeWhile(c => char.IsDigit(c) || c == '.')]);
        return Version.TryParse(digits.Trim('.'), out Version? version) ? version : null;
    }

    private static Check Architecture() =>
        RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.X64
            ? Check.Good("architecture", "x86-64")
            : Check.Poor(
                "architecture",
                $"{RuntimeInformation.ProcessArchitecture}: guest threads work, micro-VMs are x86-64 only",
                "use --guests thread");

    private static Check Cores() => Environment.ProcessorCount >= 2
        ? Check.Good("cores", $"{Environment.ProcessorCount}")
        : Check.Poor(
            "cores", "1: sender, receiver and host take turns on it",
            "give the machine, or this process (taskset, cpuset), a second core");

    private static Check Quota()
    {
        string[] limit = (ProcFile.Line("/sys/fs/cgroup/cpu.max") ?? "max").Split(' ');
        if (limit.Length < 2 || !long.TryParse(limit[0], out long quota) || !long.TryParse(limit[1], out long period)
            || period == 0)
        {
            return Check.Good("cpu quota", "none");
        }

        double cores = (double)quota / period;
        return cores >= Environment.ProcessorCount
            ? Check.Good("cpu quota", $"{cores:0.##} cores")
            : Check.Poor(
                "cpu quota", $"{cores:0.##} cores of " +
                    $"{Environment.ProcessorCount}: the kernel stops all threads when it is used up",
                "raise cpu.max of the control group");
    }

    private static Check Kernel()
    {
        string release = ProcFile.Line("/proc/sys/kernel/osrelease") ?? "unknown";
        return Release() >= OldestKernel
            ? Check.Good("kernel", release)
            : Check.Poor("kernel", $"{release}: not tried", $"use Linux {OldestKernel} or later");
    }
}
