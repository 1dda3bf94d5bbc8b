using System.Globalization;

namespace Ptnetmap.Linux;

/// <summary>The CPUs that this process may run on (<c>sched_getaffinity(2)</c>: affinity and cpuset).</summary>
public static class CpuSet
{
    private const int MaxCpus = 1024;

    /// <summary>Their numbers, ascending; none when the kernel does not say.</summary>
    public static unsafe IReadOnlyList<int> Allowed
    {
        get
        {
            byte* mask = stackalloc byte[MaxCpus / 8];
            new Span<byte>(mask, MaxCpus / 8).Clear();
            var allowed = new List<int>();
            if (Libc.SchedGetAffinity(0, MaxCpus / 8, mask) < 0)
            {
                return allowed;
            }

            for (int cpu = 0; cpu < MaxCpus; cpu++)
            {
                if ((mask[cpu / 8] & (1 << (cpu % 8))) != 0)
                {
                    allowed.Add(cpu);
                }
            }

            return allowed;
        }
    }

    /// <summary>Numbers as people write them: <c>0-3, 8</c>.</summary>
    public static string Describe(IReadOnlyList<int> ascending)
    {
        var ranges = new List<string>();
        for (int first = 0, last; first < ascending.Count; first = last + 1)
        {
            last = first;
            while (last + 1 < ascending.Count && ascending[last + 1] == ascending[last] + 1)
            {
                last++;
            }

            ranges.Add(last == first
                ? ascending[first].ToString(CultureInfo.InvariantCulture)
                : string.Create(CultureInfo.InvariantCulture, $"{ascending[first]}-{ascending[last]}"));
        }

        return string.Join(", ", ranges);
    }
}
