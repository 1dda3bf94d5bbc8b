using Ptnetmap.Daemon.Api;
using Ptnetmap.Linux;

// What the runtime throws where no thread can be started is thrown here in its place.
#pragma warning disable CA2201, MA0012

namespace Ptnetmap.Tests.Linux;

/// <summary>Threads where there is no room for another one.</summary>
public class ThreadStartTests
{
    private const int TryAgain = 11; // EAGAIN

    [Fact]
    public void A_thread_that_cannot_be_started_is_a_failure_of_the_machine_that_names_the_limits()
    {
        var thread = new Thread(() => { }) { Name = "ptnet-test" };

        LinuxException refused = Assert.Throws<LinuxException>(
            () => LinuxThread.Start(thread, _ => throw new OutOfMemoryException("Insufficient resources")));

        Assert.Equal(TryAgain, refused.Errno);
        Assert.StartsWith("starting thread ptnet-test: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(ResourceLimits.DescribeThreads(), refused.Message, StringComparison.Ordinal);
        Assert.Equal(503, ApiAnswer.ProblemOf(refused)!.Status);
        Assert.Equal(503, ApiAnswer.ProblemOf(new OutOfMemoryException())!.Status);
    }

    [Theory]
    [InlineData("0::/a/b", "/sys/fs/cgroup cgroup2", "/sys/fs/cgroup/a/pids.max", "/sys/fs/cgroup/a")]
    [InlineData("0::/a/b", "/sys/fs/cgroup/unified cgroup2", "/sys/fs/cgroup/unified/a/b/pids.max",
        "/sys/fs/cgroup/unified/a/b")]
    [InlineData("8:cpu,pids:/a", "/sys/fs/cgroup/pids cgroup", "/sys/fs/cgroup/pids/pids.max", "/sys/fs/cgroup/pids")]
    [InlineData("8:memory:/a", "/sys/fs/cgroup/pids cgroup", "/sys/fs/cgroup/pids/a/pids.max", null)]
    public void A_cgroups_limit_is_found_in_it_and_above(string group, string mount, string file, string? directory)
    {
        (long Most, string Directory)? lowest = CgroupThreads.Read(path => path switch
        {
            "/proc/self/cgroup" => [group],
            "/proc/self/mountinfo" => [Mount(mount)],
            _ => path == file ? ["20"] : path.EndsWith("/pids.max", StringComparison.Ordinal) ? ["max"] : [],
        });

        Assert.Equal(directory is null ? null : (20L, directory), lowest);
    }

    [Theory]
    [InlineData("/proc/self/mountinfo", "/sys/fs/cgroup")]
    [InlineData("/proc/1/mountinfo", "/proc/1/root/sys/fs/cgroup")]
    public void The_lowest_of_a_cgroups_limits_counts(string mounts, string top) => Assert.Equal(
        (10L, $"{top}/a"),
        CgroupThreads.Read(path => path.Replace(top, "", StringComparison.Ordinal) switch
        {
            "/proc/self/cgroup" => ["0::/a/b"],
            "/a/b/pids.max" => ["20"],
            "/a/pids.max" => ["10"],
            "/pids.max" => ["30"],
            var file => file == mounts ? [Mount("/sys/fs/cgroup cgroup2")] : [],
        }));

    private static string Mount(string pointAndType)
    {
        string[] words = pointAndType.Split(' ');
        return $"29 24 0:25 / {words[0]} rw,nosuid shared:4 - {words[1]} cgroup rw,pids";
    }
}
