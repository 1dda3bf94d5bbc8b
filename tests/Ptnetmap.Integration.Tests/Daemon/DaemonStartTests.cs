using System.Net.Sockets;
using System.Text;
using Ptnetmap.Integration.Tests.Cli;

namespace Ptnetmap.Integration.Tests.Daemon;

/// <summary>A daemon that is started where little is left, or with closed descriptors: it says in one line what is missing, or
/// it works.</summary>
public sealed class DaemonStartTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ptnet").FullName;

    private string Run => Path.Combine(_folder, "run");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(40)]
    [InlineData(100)]
    public async Task Too_few_open_files_are_told_in_one_line(int files)
    {
        using PtnetProcess process = PtnetProcess.StartInShell($"ulimit -n {files}", "up", "--run-dir", Run);

        PtnetResult result = await process.Finish();

        Assert.Equal(1, result.Code);
        Assert.Matches($"^ptnet: open files are limited to {files} \\(ulimit -n\\)[^\n]*\n$", result.Errors);
        Assert.False(Directory.Exists(Run));
    }

    [Fact]
    public async Task Too_small_a_stack_is_told_in_one_line()
    {
        using PtnetProcess process = PtnetProcess.StartInShell("ulimit -s 200", "up", "--run-dir", Run);

        PtnetResult result = await process.Finish();

        Assert.Equal(1, result.Code);
        Assert.Equal("ptnet: stacks are limited to 200 KiB (ulimit -s), and ptnet needs at least 256; raise it\n", result.Errors);
        Assert.False(Directory.Exists(Run));
    }

    [Theory]
    [InlineData("exec 0<&-")]
    [InlineData("exec 1>&-")]
    [InlineData("exec 2>&-")]
    [InlineData("exec 0<&- 1>&- 2>&-")]
    public async Task With_closed_descriptors_it_serves_and_ends_as_ever(string closing)
    {
        string path = Path.Combine(_folder, "notify");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        using PtnetProcess daemon = PtnetProcess.StartInShell($"export NOTIFY_SOCKET={path}; {closing}", "up", "--run-dir", Run);
        byte[] ready = new byte[64];
        int length = await socket.ReceiveAsync(ready, TestContext.Current.CancellationToken);
        Assert.Equal("READY=1", Encoding.UTF8.GetString(ready, 0, length));

        Assert.Equal(0, (await PtnetProcess.Run("port", "add", "vale0:a", "--slots", "64", "--run-dir", Run)).Code);
        await daemon.Signal("TERM");
        PtnetResult ended = await daemon.Finish();

        Assert.Equal(0, ended.Code);
        Assert.False(Directory.Exists(Run));
    }

    [Fact]
    public async Task A_region_beyond_the_cgroups_memory_is_refused_with_the_limits_name()
    {
        string group = MakeGroup();
        try
        {
            string config = Path.Combine(_folder, "ptnet.toml");
            await File.WriteAllTextAsync(
                config, "[[domain]]\nname = \"large\"\nextra_buffers = 262144\nhuge_pages = \"off\"\n", TestContext.Current.CancellationToken);
            using PtnetProcess process = PtnetProcess.StartInShell($"echo $$ > {group}/cgroup.procs", "up", "--config", config, "--run-dir", Run);

            PtnetResult result = await process.Finish();

            Assert.Equal(1, result.Code);
            Assert.Contains($"{config}:1: region large: ", result.Errors, StringComparison.Ordinal);
            Assert.Contains($"of cgroup {group}: 400 MiB", result.Errors, StringComparison.Ordinal);
            Assert.False(Directory.Exists(Run));
        }
        finally
        {
            // Empty only when the kernel has seen the process off.
            Assert.True(SpinWait.SpinUntil(() => TryRemove(group), TimeSpan.FromSeconds(60)));
        }
    }

    private static string MakeGroup()
    {
        const string First = "/sys/fs/cgroup/memory";
        bool isFirst = Directory.Exists(First);
        string group = Path.Combine(isFirst ? First : "/sys/fs/cgroup", $"ptnet-test-{Guid.NewGuid():n}");
        try
        {
            Directory.CreateDirectory(group);
            File.WriteAllText(Path.Combine(group, isFirst ? "memory.limit_in_bytes" : "memory.max"), $"{400 << 20}");
            return group;
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            _ = TryRemove(group);
            Assert.Skip($"this test needs a cgroup of its own with a limit on memory: {refusal.Message}");
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
