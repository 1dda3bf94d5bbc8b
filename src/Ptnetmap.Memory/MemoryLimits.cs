using System.Diagnostics;
using System.Globalization;
using Ptnetmap.Linux;

namespace Ptnetmap.Memory;

/// <summary>How much memory this process can have before the kernel refuses it or, worse, kills for it. A region is
/// promised all of its memory when it is made, and takes it when it is used; guests live in the same limits. So it is
/// looked before the promise, and again before pages are taken.</summary>
/// <param name="root">Where the kernel's files are; another folder for tests.</param>
/// <param name="freshness">How long what they say is believed: a thousand ports that are made in a second are not to
/// read them a thousand times. What was taken meanwhile by way of this object is known.</param>
public sealed class MemoryLimits(string root = "/", TimeSpan freshness = default)
{
    // Left to whoever else lives in the same limit: daemon, guests, the kernel's own.
    private const long Reserve = 16L << 20;
    private const string LimitsFile = "proc/self/limits";

    private readonly CgroupMemory _cgroups = new(root);
    private readonly Lock _lock = new();
    private long _committed;
    private MemoryLimit[] _read = [];
    private long _readAt;
    private long _takenSince;

    /// <summary>Those of this process, with what its regions were promised.</summary>
    public static MemoryLimits OfThisProcess { get; } = new(freshness: TimeSpan.FromMilliseconds(100));

    /// <summary>Bytes that regions were promised and do not have yet.</summary>
    public long Committed => Volatile.Read(ref _committed);

    /// <summary>Refuses what would not fit beside what others were promised.</summary>
    /// <param name="what">What the memory is for: <c>region web</c>.</param>
    /// <param name="bytes">How much of it is new.</param>
    /// <exception cref="MemoryLimitException">It does not; the message names the limit and what raises it.</exception>
    public void Require(string what, long bytes)
    {
        lock (_lock)
        {
            Require(what, bytes, Committed, Memory());
            Require(what, bytes, committed: 0, ReadAddressSpace() is { } space ? [space] : []);
        }
    }

    /// <summary>Refuses pages, for addresses that are mapped, that would not fit now; they are taken otherwise. What is
    /// promised and not there yet is free: whoever comes first takes it.</summary>
    /// <param name="what">Whom they are for: <c>port vale0:web</c>.</param>
    /// <param name="bytes">How many bytes of them.</param>
    /// <exception cref="MemoryLimitException">They do not; the message names the limit and what raises it.</exception>
    internal void TakePages(string what, long bytes)
    {
        lock (_lock)
        {
            Require(what, bytes, committed: 0, Memory());
            _takenSince += bytes;
        }
    }

    /// <summary>Promises memory.</summary>
    /// <param name="what">What it is for: <c>region web</c>.</param>
    /// <param name="bytes">How much.</param>
    /// <exception cref="MemoryLimitException">It does not fit beside what others were promised.</exception>
    internal MemoryCommitment Commit(string what, long bytes)
    {
        lock (_lock)
        {
            Require(what, bytes);
            _ = Interlocked.Add(ref _committed, bytes);
        }

        return new MemoryCommitment(this, bytes);
    }

    internal void Uncommit(long bytes) => Interlocked.Add(ref _committed, -bytes);

    private static void Require(string what, long bytes, long committed, IEnumerable<MemoryLimit> limits)
    {
        foreach (MemoryLimit limit in limits)
        {
            if (bytes > limit.Free - committed - Reserve)
            {
                string promised = committed > 0 ? $", {MiB(committed)} MiB of these promised to other regions" : "";
                throw new MemoryLimitException(
                    $"{what}: {MiB(bytes)} MiB do not fit into {limit.Name}: " +
                    $"{MiB(limit.Limit)} MiB, of which {MiB(Math.Max(limit.Free, 0))} MiB are left{promised}, " +
                    $"and {MiB(Reserve)} MiB stay free for everything else; " +
                    $"{limit.Remedy}, or ask for less (ports, rings, slots, buffer size)");
            }
        }
    }

    /// <summary>Refuses a file that would be longer than the process may have one.</summary>
    /// <exception cref="MemoryLimitException">It is; the kernel would end the process for it.</exception>
    public void RequireFile(string what, long bytes)
    {
        if (ReadLimit("Max file size") is { } limit && bytes > limit)
        {
            throw new MemoryLimitException(
                $"{what}: {MiB(bytes)} MiB are more than a file may have, " +
                $"{MiB(limit)} MiB (RLIMIT_FSIZE); raise it (ulimit -f), or ask for less");
        }
    }

    /// <summary>Refuses more hugepages than are free.</summary>
    /// <exception cref="LinuxException">There are fewer.</exception>
    public void RequireHugePages(string what, long count)
    {
        const string Pool = "sys/kernel/mm/hugepages/hugepages-2048kB/";
        long free = (ReadNumber(Pool + "free_hugepages") ?? count) - (ReadNumber(Pool + "resv_hugepages") ?? 0)
            + (ReadNumber(Pool + "nr_overcommit_hugepages") ?? 0);
        if (count > free)
        {
            throw new LinuxException(
                $"{what}: {Quantity.Of(count, "page of 2 MiB is", "pages of 2 MiB are")} needed, and " +
                $"{Quantity.Of(Math.Max(free, 0), "is", "are")} free (/proc/sys/vm/nr_hugepages); \"auto\" and " +
                "\"off\" do without");
        }
    }

    private static long MiB(long bytes) => bytes >> 20;

    private IEnumerable<MemoryLimit> Memory()
    {
        if (_readAt == 0 || Stopwatch.GetElapsedTime(_readAt) >= freshness)
        {
            _read = [.. ReadMemory()];
            _readAt = Stopwatch.GetTimestamp();
            _takenSince = 0;
        }

        return _read.Select(limit => limit with { Free = limit.Free - _takenSince });
    }

    private IEnumerable<MemoryLimit> ReadMemory()
    {
        foreach (MemoryLimit limit in _cgroups.Read())
        {
            yield return limit;
        }

        if (ReadAvailable() is { } available)
        {
            yield return available;
        }
    }

    private MemoryLimit? ReadAvailable()
    {
        long? total = null;
        long? available = null;
        foreach (string line in ReadLines("proc/meminfo"))
        {
            total = line.StartsWith("MemTotal:", StringComparison.Ordinal) ? KiB(line) : total;
            available = line.StartsWith("MemAvailable:", StringComparison.Ordinal) ? KiB(line) : available;
        }

        return total is null || available is null
            ? null
            : new MemoryLimit("the machine's memory (MemAvailable in /proc/meminfo)", total.Value, available.Value,
                "end what uses it");
    }

    private MemoryLimit? ReadAddressSpace()
    {
        if (ReadLimit("Max address space") is not { } limit)
        {
            return null;
        }

        string[] pages = ReadLines("proc/self/statm").FirstOrDefault("").Split(' ');
        long used = long.TryParse(pages[0], CultureInfo.InvariantCulture, out long count)
            ? count * Environment.SystemPageSize
            : 0;
        return new MemoryLimit("the process's address space (RLIMIT_AS)", limit, limit - used, "raise it (ulimit -v)");
    }

    // "Max address space         314572800            314572800            bytes": the first is the one that counts.
    private long? ReadLimit(string name)
    {
        string? line = ReadLines(LimitsFile).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        string[] words = line is null ? [] : line[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length > 0 && long.TryParse(words[0], CultureInfo.InvariantCulture, out long limit) ? limit : null;
    }

    private static long? KiB(string line)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length > 1 && long.TryParse(words[1], CultureInfo.InvariantCulture, out long value)
            ? value << 10
            : null;
    }

    private long? ReadNumber(string file) =>
        long.TryParse(ReadLines(file).FirstOrDefault(), CultureInfo.InvariantCulture, out long number) ? number : null;

    private string[] ReadLines(string file) => KernelFile.ReadLines(Path.Combine(root, file));
}
