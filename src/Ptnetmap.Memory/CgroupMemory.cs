using System.Globalization;

namespace Ptnetmap.Memory;

/// <summary>The limits on memory of the cgroups that this process is in: its own, and all above that can be seen, of either
/// version (cgroup-v2: <c>memory.max</c>, <c>memory.high</c>; v1: <c>memory.limit_in_bytes</c>).</summary>
/// <param name="root">Where the kernel's files are.</param>
internal sealed class CgroupMemory(string root)
{
    // Version 1 says "no limit" with the largest number of pages.
    private const long NoLimit = long.MaxValue / 2;

    // "ip netns exec" mounts /sys anew, and the cgroups are not in it: the first process still sees them, and root sees what it sees.
    private const string First = "proc/1";

    /// <summary>Those that there are.</summary>
    internal IEnumerable<MemoryLimit> Read()
    {
        string[] groups = Lines("proc/self/cgroup");
        string[][] mounts = Mounts("proc/self");
        foreach (string line in groups)
        {
            // 0::/user.slice for version 2, 4:memory:/user.slice for version 1.
            string[] parts = line.Split(':', 3);
            bool isSecond = parts is ["0", "", _];
            if (!isSecond && (parts.Length < 3 || !parts[1].Split(',').Contains("memory")))
            {
                continue;
            }

            foreach (string directory in DirectoriesOf(mounts, parts[2], isSecond))
            {
                foreach (MemoryLimit limit in isSecond ? ReadSecond(directory) : ReadFirst(directory))
                {
                    yield return limit;
                }
            }
        }
    }

    private string[][] Mounts(string process) => [.. Lines($"{process}/mountinfo").Select(line => line.Split(' '))];

    private IEnumerable<string> DirectoriesOf(string[][] mounts, string path, bool isSecond)
    {
        return Array.Find(mounts, IsOne) is { } own ? Upwards(own, path)
            : Array.Find(Mounts(First), IsOne) is { } first ? Upwards(first, path).Select(directory => $"/{First}/root{directory}")
            : [];

        bool IsOne(string[] fields) => IsOf(fields, isSecond);
    }

    // mountinfo: id, parent, device, root, mount point, options, more options, "-", type, source, super options.
    private static bool IsOf(string[] fields, bool isSecond)
    {
        int at = Array.IndexOf(fields, "-");
        return at > 4 && fields.Length > at + 3 && (isSecond
            ? fields[at + 1] is "cgroup2"
            : fields[at + 1] is "cgroup" && fields[at + 3].Split(',').Contains("memory"));
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
            : Enumerable.Range(0, names.Length + 1).Select(depth => string.Join('/', [point, .. names[..(names.Length - depth)]]));
    }

    private IEnumerable<MemoryLimit> ReadSecond(string directory)
    {
        long used = (Number($"{directory}/memory.current") ?? 0) - Reclaimable(directory, "inactive_file", "active_file");
        foreach (string name in (string[])["memory.max", "memory.high"])
        {
            if (Number($"{directory}/{name}") is { } limit)
            {
                yield return Limit(name, directory, limit, used);
            }
        }
    }

    private IEnumerable<MemoryLimit> ReadFirst(string directory)
    {
        const string Name = "memory.limit_in_bytes";
        if (Number($"{directory}/{Name}") is { } limit and < NoLimit)
        {
            long used = (Number($"{directory}/memory.usage_in_bytes") ?? 0) - Reclaimable(directory, "total_inactive_file", "total_active_file");
            yield return Limit(Name, directory, limit, used);
        }
    }

    private static MemoryLimit Limit(string name, string directory, long limit, long used) =>
        new($"{name} of cgroup {directory}", limit, limit - Math.Max(used, 0), "raise it (systemd: MemoryMax, MemoryHigh; containers: --memory)");

    // Files that were read: the kernel lets them go when somebody needs the memory.
    private long Reclaimable(string directory, params string[] names) => Lines($"{directory}/memory.stat")
        .Select(line => line.Split(' '))
        .Where(words => words.Length == 2 && names.Contains(words[0]))
        .Sum(words => long.TryParse(words[1], CultureInfo.InvariantCulture, out long value) ? value : 0);

    private long? Number(string file) =>
        long.TryParse(Lines(file).FirstOrDefault(), CultureInfo.InvariantCulture, out long number) ? number : null;

    private string[] Lines(string file) => KernelFile.ReadLines(Path.Combine(root, file.TrimStart('/')));
}
