namespace Ptnetmap.Cli.Machine;

/// <summary>The CPUs that this process may run on (affinity and cpuset).</summary>
internal static class AllowedCpus
{
    /// <summary>As the kernel writes them: <c>0-3,8</c>.</summary>
    internal static string List => ProcFile.Field("/proc/self/status", "Cpus_allowed_list") ?? "0-1023";

    /// <summary>The first of <paramref name="cpus"/> that is not allowed; null when all are.</summary>
    internal static int? FirstOutside(IEnumerable<int> cpus)
    {
        var allowed = new HashSet<int>();
        foreach (string range in List.Split(','))
        {
            string[] ends = range.Split('-');
            if (int.TryParse(ends[0], out int first) && int.TryParse(ends[^1], out int last))
            {
                allowed.UnionWith(Enumerable.Range(first, last - first + 1));
            }
        }

        foreach (int cpu in cpus)
        {
            if (!allowed.Contains(cpu))
            {
                return cpu;
            }
        }

        return null;
    }
}
