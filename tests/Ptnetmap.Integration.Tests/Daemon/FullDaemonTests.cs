using Ptnetmap.Integration.Tests.Cli;

namespace Ptnetmap.Integration.Tests.Daemon;

/// <summary>A daemon that may have no thread more than it has: what needs one is refused, and all else goes on.</summary>
public sealed class FullDaemonTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ptnet").FullName;

    private string Run => Path.Combine(_folder, "run");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Without_room_for_a_thread_ports_are_refused_with_the_limits_name_and_the_daemon_goes_on()
    {
        string group = MakeGroup();
        try
        {
            using PtnetProcess daemon = PtnetProcess.StartInShell($"echo $$ > {group}/cgroup.procs", "up", "--run-dir", Run);
            await daemon.WaitForLine("ready:");
            await Ptnet(0, "port", "add", "vale0:there");
            string now = await File.ReadAllTextAsync(Path.Combine(group, "pids.current"), TestContext.Current.CancellationToken);
            await Limit(group, now.Trim());

            string capture = $"pcap:-,{Path.Combine(_folder, "out")}";
            foreach (string port in (string[])["vale0:a", capture])
            {
                PtnetResult refused = await Ptnet(1, "port", "add", port);
                Assert.Contains("there is no room for another thread", refused.Errors, StringComparison.Ordinal);
                Assert.Contains($"{now.Trim()} threads in cgroup {group} (pids.max", refused.Errors, StringComparison.Ordinal);
            }

            // Many at a time: the pool would like to grow.
            PtnetResult[] many = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Ptnet(0, "port", "ls")));
            Assert.All(many, shown => Assert.Contains("vale0:there", shown.Output, StringComparison.Ordinal));

            await Limit(group, "max");
            await Ptnet(0, "port", "add", "vale0:a");
            await Ptnet(0, "port", "add", capture);
            await Limit(group, "1");
            await daemon.Signal("TERM");
            PtnetResult ended = await daemon.Finish();
            Assert.True(ended.Code == 0, ended.Errors);
            Assert.False(Directory.Exists(Run));
        }
        finally
        {
            // Empty only when the kernel has seen the process off.
            Assert.True(SpinWait.SpinUntil(() => TryRemove(group), TimeSpan.FromSeconds(60)));
        }
    }

    private async Task<PtnetResult> Ptnet(int code, params string[] arguments)
    {
        PtnetResult result = await PtnetProcess.Run(["--run-dir", Run, .. arguments]);
        Assert.True(result.Code == code, $"{string.Join(' ', arguments)}: {result.Code} {result.Errors}{result.Output}");
        return result;
    }

    private static Task Limit(string group, string most) =>
        File.WriteAllTextAsync(Path.Combine(group, "pids.max"), most, TestContext.Current.CancellationToken);

    private static string MakeGroup()
    {
        const string First = "/sys/fs/cgroup/pids";
        string group = Path.Combine(Directory.Exists(First) ? First : "/sys/fs/cgroup", $"ptnet-test-{Guid.NewGuid():n}");
        try
        {
            Directory.CreateDirectory(group);
            File.WriteAllText(Path.Combine(group, "pids.max"), "max");
            return group;
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            _ = TryRemove(group);
            Assert.Skip($"this test needs a cgroup of its own with a limit on threads: {refusal.Message}");
            throw;
        }
    }

    private static bool TryRemove(string group)
    {
        try
        {
            if (Directory.Exists(group))
            {
                Directory.Delete(group);
            }

            return true;
        }
        catch (Exception busy) when (busy is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
