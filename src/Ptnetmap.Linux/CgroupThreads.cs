using System.Globalization;

namespace Ptnetmap.Linux;

/// <summary>The limits on threads of the cgroups that this process is in: its own and all above it, of either version
/// (<c>pids.max</c> of the pids controller).</summary>
public static class CgroupThreads
{
    private const string Mount = "/sys/fs/cgroup";

    /// <summary>The lowest of them, and the cgroup's directory; null without a limit, or where it cannot be seen.</summary>
    public static (long Most, string Directory)? Lowest
    {
        get
        {
            string[] groups = Lines("/proc/self/cgroup");

            // "ip netns exec" mounts /sys anew, without them: the first process still sees them.
            return Read(groups, Lines) ?? Read(groups, file => Lines($"/proc/1/root{file}"));
        }
    }

    /// <summary>The same of given files.</summary>
    /// <param name="groups">The lines of <c>/proc/self/cgroup</c>.</param>
    /// <param name="lines">The lines of a file; none when it is not there.</param>
    internal static (long Most, string Directory)? Read(IEnumerable<string> groups, Func<string, string[]> lines)
    {
        (long Most, string Directory)? lowest = null;
        foreach (string directory in groups.SelectMany(DirectoriesOf))
        {
            // "max" without a limit.
            if (long.TryParse(lines($"{directory}/pids.max").FirstOrDefault(), CultureInfo.InvariantCulture, out long most)
                && (lowest is null || most < lowest.Value.Most))
            {
                lowest = (most, directory);
            }
        }

        return lowest;
    }

    // 0::/user.slice for version 2, 4:pids:/user.slice for version 1; a machine may have both.
    private static IEnumerable<string> DirectoriesOf(string group)
    {
        string[] parts = group.Split(':', 3);
        return parts is ["0", "", var path] ? Upwards(Mount, path).Concat(Upwards($"{Mount}/unified", path))
            : parts.Length == 3 && parts[1].Split(',').Contains("pids") ? Upwards($"{Mount}/pids", parts[2])
            : [];
    }

    private static IEnumerable<string> Upwards(string mount, string path)
    {
        string[] names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return Enumerable.Range(0, names.Length + 1).Select(depth => string.Join('/', [mount, .. names[..(names.Length - depth)]]));
    }

    private static string[] Lines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
