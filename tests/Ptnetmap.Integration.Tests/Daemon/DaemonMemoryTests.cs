using Ptnetmap.Integration.Tests.Cli;

namespace Ptnetmap.Integration.Tests.Daemon;

/// <summary>A daemon whose memory was left when its ports were added, and is gone when a guest comes: the guest is
/// refused, and nobody is killed.</summary>
public sealed class DaemonMemoryTests : IDisposable
{
    private const long MiB = 1 << 20;

    private readonly string _folder = Directory.CreateTempSubdirectory("ptnet").FullName;

    private string Run => Path.Combine(_folder, "run");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_guest_whose_buffers_do_not_fit_any_more_is_refused_with_the_limits_name_and_can_come_later()
    {
        using TestCgroup group = TestCgroup.OfMemory(8192 * MiB);
        using PtnetProcess daemon = group.Start("up", "--run-dir", Run);
        await daemon.WaitForLine("ready:");

        // 277 MiB of buffers.
        await Ptnet(0, "port", "add", "vale0:a", "--slots", "16384", "--rings", "4");
        group.LimitFromNow(more: 120 * MiB);
        PtnetResult refused = await Ptnet(1, "port", "attach", "vale0:a", "--program", "receive");
        Assert.Contains("port vale0:a: ", refused.Errors, StringComparison.Ordinal);
        Assert.Contains($"of cgroup {group.Folder}: ", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("vale0:a", (await Ptnet(0, "port", "ls")).Output, StringComparison.Ordinal);

        group.LimitFromNow(more: 8192 * MiB);
        await Ptnet(0, "port", "attach", "vale0:a", "--program", "receive");
        await daemon.Signal("TERM");
        PtnetResult ended = await daemon.Finish();
        Assert.True(ended.Code == 0, ended.Errors);
    }

    private async Task<PtnetResult> Ptnet(int code, params string[] arguments)
    {
        PtnetResult result = await PtnetProcess.Run(["--run-dir", Run, .. arguments]);
        Assert.True(result.Code == code,
            $"{string.Join(' ', arguments)}: {result.Code} {result.Errors}{result.Output}");
        return result;
    }
}
