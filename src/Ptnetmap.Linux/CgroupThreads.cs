using System.Globalization;

namespace Ptnetmap.Linux;

/// <summary>The limits on threads of the cgroups that this process is in: its own and all above it, of either version
/// (<c>pids.max</c> of the pids controller).</summary>
public static class CgroupThreads
{
    /// <summary>The lowest of them, and the cgroup's directory; null without a limit, or where it cannot be
    /// seen.</summary>
    public static (long Most, string Directory)? Lowest => Read(KernelFile.ReadLines);

    /// <summary>The same of given files.</summary>
    /// <param name="lines">The lines of a file; none when it is not there.</param>
    internal static (long Most, string Directory)? Read(Func<string, string[]> lines)
    {
        (long Most, string Directory)? lowest = null;
        foreach ((string directory, _) in new Cgroups(lines).Of("pids"))
        {
            // "max" without a limit.
            if (long.TryParse(lines($"{directory}/pids.max").FirstOrDefault(), CultureInfo.InvariantCulture,
                out long most)
                && (lowest is null || most < lowest.Value.Most))
            {
                lowest = (most, directory);
            }
        }

        return lowest;
    }
}
