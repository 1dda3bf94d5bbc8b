namespace Ptnetmap.Linux;

/// <summary>The cgroups that this process is in: its own, and all above that can be seen, of either version
/// (cgroups(7)).</summary>
/// <param name="lines">The lines of one of the kernel's files; none when it cannot be read.</param>
internal sealed class Cgroups(Func<string, string[]> lines)
{
    // "ip netns exec" mounts /sys anew, and the cgroups are not in it: the first process still sees them, and root sees
    // what it sees.
    private const string First = "/proc/1";

    /// <summary>The directories that may hold the files of a controller, and whether they are of version 2.</summary>
    internal IEnumerable<(string Directory, bool IsSecond)> Of(string controller)
    {
        string[][] mounts = Mounts("/proc/self");
        foreach (string[] parts in lines("/proc/self/cgroup").Select(line => line.Split(':', 3)))
        {
            // 0::/user.slice for version 2, 4:memory:/user.slice for version 1; a machine may have both.
            bool isSecond = parts is ["0", "", _];
            if (isSecond || (parts.Length == 3 && parts[1].Split(',').Contains(controller)))
            {
                foreach (string directory in DirectoriesOf(mounts, parts[2],
                    fields => IsOf(fields, isSecond ? null : controller)))
                {
                    yield return (directory, isSecond);
                }
            }
        }
    }

    private string[][] Mounts(string process) => [.. lines($"{process}/mountinfo").Select(line => line.Split(' '))];

    private IEnumerable<string> DirectoriesOf(string[][] mounts, string path, Predicate<string[]> isOne) =>
        Array.Find(mounts, isOne) is { } own ? Upwards(own, path)
            : Array.Find(Mounts(First), isOne) is { } first
                ? Upwards(first, path).Select(directory => $"{First}/root{directory}")
            : [];

    // mountinfo: id, parent, device, root, mount point, options, more options, "-", type, source, super options.
    private static bool IsOf(string[] fields, string? controller)
    {
        int at = Array.IndexOf(fields, "-");
        return at > 4 && fields.Length > at + 3 && (controller is null
            ? fields[at + 1] is "cgroup2"
            : fields[at + 1] is "cgroup" && fields[at + 3].Split(',').Contains(controller));
    }

    private static IEnumerable<string> Upwards(string[] mount, string path)
    {
        (string top, string point) = (mount[3], mount[4]);

        // A path outside what is mounted (a container sees its own part only) leaves the mount point itself.
        string inside = string.Equals(top, "/", StringComparison.Ordinal) ? path
            : path.StartsWith(top, StringComparison.Ordinal) ? path[top.Length..]
            : "";
        string[] names = inside.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return names.Contains("..") ? [point]
            : Enumerable.Range(0, names.Length + 1)
                .Select(depth => string.Join('/', [point, .. names[..(names.Length - depth)]]));
    }
}
