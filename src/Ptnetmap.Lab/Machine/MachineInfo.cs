using System.Runtime;

namespace Ptnetmap.Lab.Machine;

/// <summary>The machine that a figure was measured on: without it a figure says nothing.</summary>
/// <param name="Cpu">The processor's own name.</param>
/// <param name="Cores">Processors that this process may use.</param>
/// <param name="Kernel">The kernel's release.</param>
/// <param name="MemoryMib">Memory in MiB.</param>
public sealed record MachineInfo(string Cpu, int Cores, string Kernel, long MemoryMib)
{
    /// <summary>How the program was compiled: <c>native</c> ahead of time, or <c>jit</c>.</summary>
    public static string Build => JitInfo.GetCompiledMethodCount() > 0 ? "jit" : "native";

    /// <summary>Asks the kernel.</summary>
    public static MachineInfo Read() => new(
        ProcFile.Field("/proc/cpuinfo", "model name") ?? "unknown",
        Environment.ProcessorCount,
        ProcFile.Line("/proc/sys/kernel/osrelease") ?? "unknown",
        ParseKib(ProcFile.Field("/proc/meminfo", "MemTotal")) / 1024);

    private static long ParseKib(string? text) =>
        text is not null && long.TryParse(text.Split(' ')[0], out long kib) ? kib : 0;
}
