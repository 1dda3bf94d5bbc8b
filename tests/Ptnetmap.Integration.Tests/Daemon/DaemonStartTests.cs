using System.Net.Sockets;
using System.Text;
using Ptnetmap.Integration.Tests.Cli;

namespace Ptnetmap.Integration.Tests.Daemon;

/// <summary>A daemon that is started where little is left, or with closed descriptors: it says in one line what is
/// missing, or it works.</summary>
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
        Assert.Equal("ptnet: stacks are limited to 200 KiB (ulimit -s), and ptnet needs at least 256; raise it\n",
            result.Errors);
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
        using PtnetProcess daemon =
            PtnetProcess.StartInShell($"export NOTIFY_SOCKET={path}; {closing}", "up", "--run-dir", Run);
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
        using TestCgroup group = TestCgroup.OfMemory(400 << 20);
        string config = Path.Combine(_folder, "ptnet.toml");
        await File.WriteAllTextAsync(
            config, "[[domain]]\nname = \"large\"\nextra_buffers = 262144\nhuge_pages = \"off\"\n",
            TestContext.Current.CancellationToken);
        using PtnetProcess process = group.Start("up", "--config", config, "--run-dir", Run);

        PtnetResult result = await process.Finish();

        Assert.Equal(1, result.Code);
        Assert.Contains($"{config}:1: region large: ", result.Errors, StringComparison.Ordinal);
        Assert.Contains($"of cgroup {group.Folder}: 400 MiB", result.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Run));
    }
}
