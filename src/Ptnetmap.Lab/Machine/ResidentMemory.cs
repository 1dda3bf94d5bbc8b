using System.Globalization;

namespace Ptnetmap.Lab.Machine;

/// <summary>How much memory this process has.</summary>
public static class ResidentMemory
{
    private const string Status = "/proc/self/status";
    private const long Kibibyte = 1024;

    /// <summary>Bytes that are in memory (<c>VmRSS</c>), with those in the kernel's hugepages, which it counts apart
    /// (<c>HugetlbPages</c>); null where it does not say.</summary>
    public static long? Read() => Bytes("VmRSS") is { } small ? small + (Bytes("HugetlbPages") ?? 0) : null;

    // "1234 kB"
    private static long? Bytes(string name) =>
        long.TryParse(
            ProcFile.Field(Status, name)?.Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture,
            out long kibibytes)
            ? kibibytes * Kibibyte
            : null;
}
