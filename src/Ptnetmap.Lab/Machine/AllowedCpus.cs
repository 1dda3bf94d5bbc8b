namespace Ptnetmap.Lab.Machine;

/// <summary>The CPUs that this process may run on (affinity and cpuset).</summary>
public static class AllowedCpus
{
    /// <summary>As the kernel writes them: <c>0-3,8</c>.</summary>
    public static string List => ProcFile.Field("/proc/self/status", "Cpus_allowed_list") ?? "0-1023";

    /// <summary>Their numbers, ascending.</summary>
    public static IReadOnlyList<int> Numbers { get; } = [.. List.Split(',').SelectMany(Range).Order()];

    /// <summary>The first of <paramref name="cpus"/> that is not allowed; null when all are.</summary>
    public static int? FirstOutside(IEnumerable<int> cpus)
    {
        int[] outside = [.. cpus.Except(Numbers)];
        return outside.Length == 0 ? null : outside[0];
    }

    private static IEnumerable<int> Range(string text)
    {
        string[] ends = text.Split('-');
        return int.TryParse(ends[0], out int first) && int.TryParse(ends[^1], out int last) && last >= first
            ? Enumerable.Range(first, last - first + 1)
            : [];
    }
}
