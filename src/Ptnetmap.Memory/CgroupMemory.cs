using System.Globalization;
using Ptnetmap.Linux;

namespace Ptnetmap.Memory;

/// <summary>The limits on memory of the cgroups that this process is in: its own, and all above that can be seen, of
/// either version (cgroup-v2: <c>memory.max</c>, <c>memory.high</c>; v1: <c>memory.limit_in_bytes</c>).</summary>
/// <param name="root">Where the kernel's files are.</param>
internal sealed class CgroupMemory(string root)
{
    // Version 1 says "no limit" with the largest number of pages.
    private const long NoLimit = long.MaxValue / 2;

    internal IEnumerable<MemoryLimit> Read() => new Cgroups(Lines).Of("memory")
        .SelectMany(group => group.IsSecond ? ReadSecond(group.Directory) : ReadFirst(group.Directory));

    private IEnumerable<MemoryLimit> ReadSecond(string directory)
    {
        long used =
            (Number($"{directory}/memory.current") ?? 0) - Reclaimable(directory, "inactive_file", "active_file");
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
            long used = (Number($"{directory}/memory.usage_in_bytes") ?? 0)
                - Reclaimable(directory, "total_inactive_file", "total_active_file");
            yield return Limit(Name, directory, limit, used);
        }
    }

    private static MemoryLimit Limit(string name, string directory, long limit, long used) =>
        new($"{name} of cgroup {directory}", limit, limit - Math.Max(used, 0),
            "raise it (systemd: MemoryMax, MemoryHigh; containers: --memory)");

    // Files that were read: the kernel lets them go when somebody needs the memory.
    private long Reclaimable(string directory, params string[] names) => Lines($"{directory}/memory.stat")
        .Select(line => line.Split(' '))
        .Where(words => words.Length == 2 && names.Contains(words[0]))
        .Sum(words => long.TryParse(words[1], CultureInfo.InvariantCulture, out long value) ? value : 0);

    private long? Number(string file) =>
        long.TryParse(Lines(file).FirstOrDefault(), CultureInfo.InvariantCulture, out long number) ? number : null;

    private string[] Lines(string file) => KernelFile.ReadLines(Path.Combine(root, file.TrimStart('/')));
}
