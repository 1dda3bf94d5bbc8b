using Ptnetmap.Linux;
using Ptnetmap.Memory;

namespace Ptnetmap.Tests.Memory;

/// <summary>What limits a region's memory, from files as kernels write them: each limit is found, and named when it is
/// in the way.</summary>
public sealed class MemoryLimitsTests : IDisposable
{
    private const long MiB = 1 << 20;

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("ptnet-limits-");
    private readonly MemoryLimits _limits;

    public MemoryLimitsTests() => _limits = new MemoryLimits(_root.FullName);

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void Without_any_limit_everything_fits() => _limits.Require("region r", long.MaxValue / 4);

    [Theory]
    [InlineData("memory.max", "a/b")]
    [InlineData("memory.max", "a")]
    [InlineData("memory.max", "")]
    [InlineData("memory.high", "a/b")]
    [InlineData("memory.high", "a")]
    public void Limits_of_version_2_count_in_the_own_cgroup_and_in_all_above(string name, string where)
    {
        Second("/", "/a/b");
        foreach (string directory in (string[])["", "a", "a/b"])
        {
            Write($"sys/fs/cgroup/{directory}/memory.max", "max");
            Write($"sys/fs/cgroup/{directory}/memory.current", $"{100 * MiB}");
            Write($"sys/fs/cgroup/{directory}/memory.stat",
                $"anon 5\ninactive_file {30 * MiB}\nactive_file {10 * MiB}\n");
        }

        Write($"sys/fs/cgroup/{where}/{name}", $"{256 * MiB}");

        // 256 less the 60 in use that are no files, less 16 that stay free.
        _limits.Require("region r", 180 * MiB);
        string refusal = Refusal((180 * MiB) + 1);
        Assert.Contains($"{name} of cgroup {Path.Combine("/sys/fs/cgroup", where).TrimEnd('/')}: 256 MiB, of which " +
            "196 MiB are left", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Limits_of_version_1_count_too_and_its_largest_number_is_none()
    {
        Write("proc/self/cgroup", "5:cpu,cpuacct:/x\n4:memory:/a\n0::/\n");
        Write(
            "proc/self/mountinfo",
            "30 25 0:26 / /sys/fs/cgroup/cpu rw,nosuid - cgroup cgroup rw,cpu,cpuacct\n"
            + "31 25 0:27 / /sys/fs/cgroup/memory rw,nosuid shared:9 - cgroup cgroup rw,memory\n");
        Write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712");
        Write("sys/fs/cgroup/memory/a/memory.limit_in_bytes", $"{256 * MiB}");
        Write("sys/fs/cgroup/memory/a/memory.usage_in_bytes", $"{100 * MiB}");
        Write("sys/fs/cgroup/memory/a/memory.stat",
            $"inactive_file 1\ntotal_inactive_file {20 * MiB}\ntotal_active_file {20 * MiB}\n");

        _limits.Require("region r", 180 * MiB);
        Assert.Contains("memory.limit_in_bytes of cgroup /sys/fs/cgroup/memory/a", Refusal((180 * MiB) + 1),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Where_cgroups_are_not_mounted_they_are_seen_as_the_first_process_sees_them()
    {
        Write("proc/self/cgroup", "4:memory:/a\n");
        Write("proc/self/mountinfo", "40 25 0:30 / /sys rw,relatime - sysfs red rw\n");
        Write("proc/1/mountinfo", "31 25 0:27 / /sys/fs/cgroup/memory rw,nosuid shared:9 - cgroup cgroup rw,memory\n");
        Write("proc/1/root/sys/fs/cgroup/memory/a/memory.limit_in_bytes", $"{256 * MiB}");
        Write("proc/1/root/sys/fs/cgroup/memory/a/memory.usage_in_bytes", $"{100 * MiB}");

        _limits.Require("region r", 140 * MiB);
        Assert.Contains("memory.limit_in_bytes of cgroup /proc/1/root/sys/fs/cgroup/memory/a", Refusal((140 * MiB) + 1),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/docker/1", "/docker/1/b", "b")]
    [InlineData("/docker/1", "/docker/1", "")]
    [InlineData("/docker/1", "/elsewhere", "")]
    [InlineData("/", "/../..", "")]
    public void A_container_sees_its_own_part_of_the_tree(string top, string path, string where)
    {
        Second(top, path);
        Write($"sys/fs/cgroup/{where}/memory.max", $"{100 * MiB}");

        Assert.Contains("memory.max", Refusal(100 * MiB), StringComparison.Ordinal);
    }

    [Fact]
    public void The_machines_memory_is_a_limit()
    {
        Write("proc/meminfo", "MemTotal:       1024000 kB\nMemFree:         1000 kB\nMemAvailable:    512000 kB\n");

        _limits.Require("region r", 480 * MiB);
        Assert.Contains("MemAvailable", Refusal(500 * MiB), StringComparison.Ordinal);
    }

    [Fact]
    public void The_process_has_limits_of_its_own()
    {
        Write(
            "proc/self/limits",
            "Limit                     Soft Limit           Hard Limit           Units     \n"
            + "Max file size             67108864             unlimited            bytes     \n"
            + "Max address space         209715200            unlimited            bytes     \n");
        Write("proc/self/statm", "25600 100 1 1 0 1 0");

        Assert.Contains("RLIMIT_AS", Refusal(200 * MiB), StringComparison.Ordinal);
        _limits.RequireFile("region r", 64 * MiB);
        MemoryLimitException refusal =
            Assert.Throws<MemoryLimitException>(() => _limits.RequireFile("region r", 65 * MiB));
        Assert.Contains("ulimit -f", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hugepages_that_others_have_reserved_are_not_free()
    {
        const string Pool = "sys/kernel/mm/hugepages/hugepages-2048kB";
        Write($"{Pool}/free_hugepages", "8\n");
        Write($"{Pool}/resv_hugepages", "3\n");
        Write($"{Pool}/nr_overcommit_hugepages", "0\n");

        _limits.RequireHugePages("region r", 5);
        LinuxException refusal = Assert.Throws<LinuxException>(() => _limits.RequireHugePages("region r", 6));
        Assert.Contains("6 pages of 2 MiB are needed, and 5 are free", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_region_is_refused_before_any_of_it_is_made()
    {
        Write("proc/meminfo", "MemTotal: 102400 kB\nMemAvailable: 102400 kB\n");
        var request = new RegionRequest
        {
            Name = "r",
            HugePages = HugePagePolicy.Off,
            Ports = 1,
            Slots = 1024,
            ExtraBuffers = 60_000,
        };

        MemoryLimitException refusal = Assert.Throws<MemoryLimitException>(() => MemoryRegion.Create(request, _limits));
        Assert.StartsWith("region r: ", refusal.Message, StringComparison.Ordinal);

        MemoryRegion.Create(request with { ExtraBuffers = 100 }, _limits).Dispose();
    }

    [Fact]
    public void The_limits_of_this_process_are_read_without_complaint() => new MemoryLimits().Require("region r", 4096);

    private void Second(string top, string path)
    {
        Write("proc/self/cgroup", $"0::{path}\n");
        Write("proc/self/mountinfo",
            $"29 24 0:25 {top} /sys/fs/cgroup rw,nosuid,nodev shared:4 - cgroup2 cgroup2 rw,nsdelegate\n");
    }

    private string Refusal(long bytes) =>
        Assert.Throws<MemoryLimitException>(() => _limits.Require("region r", bytes)).Message;

    private void Write(string file, string text)
    {
        string path = Path.Combine(_root.FullName, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
