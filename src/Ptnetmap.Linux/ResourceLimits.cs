namespace Ptnetmap.Linux;

/// <summary>What this process may have (<c>getrlimit(2)</c>), asked without opening a file: there may be none
/// left.</summary>
public static class ResourceLimits
{
    private const int Processes = 6;
    private const int OpenFiles = 7;
    private const int AddressSpace = 9;
    private const int MostCounted = 4096;

    /// <summary>Descriptors (<c>ulimit -n</c>); null without a limit.</summary>
    public static ulong? Descriptors => Read(OpenFiles);

    /// <summary>Threads and processes of the user (<c>ulimit -u</c>); null without a limit.</summary>
    public static ulong? Threads => Read(Processes);

    /// <summary>Bytes of addresses (<c>ulimit -v</c>); null without a limit.</summary>
    public static ulong? Addresses => Read(AddressSpace);

    /// <summary>Descriptors that are in use, where the limit is low enough to count them; 0 elsewhere.</summary>
    public static int DescriptorsInUse =>
        Descriptors is <= MostCounted and var limit
            ? Enumerable.Range(0, (int)limit).Count(StandardDescriptors.IsOpen)
            : 0;

    /// <summary>How many descriptors there may be, and what to do when that is too few. (The framework's own text
    /// speaks of the machine's files where it is this process's.)</summary>
    public static string DescribeDescriptors() => Descriptors is { } most
        ? $"this process may have {most} open files; raise that (ulimit -n)"
        : "the machine has as many open files as it may (fs.file-max)";

    /// <summary>What limits the threads that this process can have, in words: each limit with its name and
    /// value.</summary>
    public static string DescribeThreads()
    {
        // The kernel does not hold root to the user's limit.
        string[] limits =
        [
            .. Threads is { } most && !Environment.IsPrivilegedProcess
                ? [$"{most} threads and processes of this user (ulimit -u)"]
                : Array.Empty<string>(),
            .. CgroupThreads.Lowest is var (members, group)
                ? [$"{members} threads in cgroup {group} (pids.max; systemd: TasksMax)"]
                : Array.Empty<string>(),
            .. Addresses is { } bytes ? [$"{bytes >> 20} MiB of addresses (ulimit -v)"] : Array.Empty<string>(),
        ];
        return limits.Length == 0
            ? "no limit of this process's on threads or addresses: the machine's is reached (sysctl " +
                "kernel.threads-max, vm.max_map_count)"
            : $"limits: {string.Join(", ", limits)}";
    }

    private static unsafe ulong? Read(int resource)
    {
        ulong* limits = stackalloc ulong[2];
        return Libc.GetRlimit(resource, limits) == 0 && limits[0] != ulong.MaxValue ? limits[0] : null;
    }
}
