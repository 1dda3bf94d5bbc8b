using Ptnetmap.Integration.Tests.Cli;

namespace Ptnetmap.Integration.Tests.Daemon;

/// <summary>A daemon that may have no thread more than it has: what needs one is refused, and all else goes
/// on.</summary>
public sealed class FullDaemonTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ptnet").FullName;

    private string Run => Path.Combine(_folder, "run");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Without_room_for_a_thread_ports_are_refused_with_the_limits_name_and_the_daemon_goes_on()
    {
        using TestCgroup group = TestCgroup.OfThreads();
        using PtnetProcess daemon = group.Start("up", "--run-dir", Run);
        await daemon.WaitForLine("ready:");
        await Ptnet(0, "port", "add", "vale0:there");

        // Fewer than there are: one that ends meanwhile makes no room.
        group.Limit("1");
        string capture = $"pcap:-,{Path.Combine(_folder, "out")}";
        foreach (string port in (string[])["vale0:a", capture])
        {
            PtnetResult refused = await Ptnet(1, "port", "add", port);
            Assert.Contains("there is no room for another thread", refused.Errors, StringComparison.Ordinal);
            Assert.Contains($"1 threads in cgroup {group.Folder} (pids.max", refused.Errors, StringComparison.Ordinal);
        }

        // Many at a time: the pool would like to grow.
        PtnetResult[] many = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Ptnet(0, "port", "ls")));
        Assert.All(many, shown => Assert.Contains("vale0:there", shown.Output, StringComparison.Ordinal));

        group.Limit("max");
        await Ptnet(0, "port", "add", "vale0:a");
        await Ptnet(0, "port", "add", capture);
        group.Limit("1");
        await daemon.Signal("TERM");
        PtnetResult ended = await daemon.Finish();
        Assert.True(ended.Code == 0, ended.Errors);
        Assert.False(Directory.Exists(Run));
    }

    private async Task<PtnetResult> Ptnet(int code, params string[] arguments)
    {
        PtnetResult result = await PtnetProcess.Run(["--run-dir", Run, .. arguments]);
        Assert.True(result.Code == code,
            $"{string.Join(' ', arguments)}: {result.Code} {result.Errors}{result.Output}");
        return result;
    }
}
