using Ptnetmap.Daemon.Api;
using Ptnetmap.Linux;

#pragma warning disable CA2201, MA0012 // What the runtime throws where no thread can be started is thrown here in its place.

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
    [InlineData("0::/a/b", "/sys/fs/cgroup/a/pids.max", "/sys/fs/cgroup/a")]
    [InlineData("0::/a/b", "/sys/fs/cgroup/unified/a/b/pids.max", "/sys/fs/cgroup/unified/a/b")]
    [InlineData("8:cpu,pids:/a", "/sys/fs/cgroup/pids/pids.max", "/sys/fs/cgroup/pids")]
    [InlineData("8:memory:/a", "/sys/fs/cgroup/pids/a/pids.max", null)]
    public void A_cgroups_limit_is_found_in_it_and_above(string group, string file, string? directory)
    {
        (long Most, string Directory)? lowest = CgroupThreads.Read(
            [group], path => path == file ? ["20"] : path.EndsWith("/pids.max", StringComparison.Ordinal) ? ["max"] : []);

        Assert.Equal(directory is null ? null : (20L, directory), lowest);
    }

    [Fact]
    public void The_lowest_of_a_cgroups_limits_counts() => Assert.Equal(
        (10L, "/sys/fs/cgroup/a"),
        CgroupThreads.Read(["0::/a/b"], path => path switch
        {
            "/sys/fs/cgroup/a/b/pids.max" => ["20"],
            "/sys/fs/cgroup/a/pids.max" => ["10"],
            "/sys/fs/cgroup/pids.max" => ["30"],
            _ => [],
        }));
}
