using System.Diagnostics;
using System.Net.Sockets;
using Ptnetmap.Daemon.Hosting;
using Ptnetmap.Daemon.Running;
using Ptnetmap.Linux;

namespace Ptnetmap.Tests.Daemon;

/// <summary>Run directories that others have a hand in, or could have: refused, and left as they are.</summary>
public sealed class RunDirectorySafetyTests : IDisposable
{
    private const uint Nobody = 65534;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Everybody = OwnerOnly
        | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private readonly TemporaryFolder _folder = new();

    private string Run => _folder["run"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_symbolic_link_is_not_followed_and_its_target_stays_as_it_is()
    {
        string target = _folder["target"];
        Directory.CreateDirectory(target, OwnerOnly | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        UnixFileMode before = File.GetUnixFileMode(target);
        File.CreateSymbolicLink(Run, target);

        Assert.Contains($"symbolic link of {Users.NameOf(DirectoryAccess.User)} to {target}", Refusal(Run),
            StringComparison.Ordinal);

        Assert.Equal(before, File.GetUnixFileMode(target));
        Assert.Empty(Directory.EnumerateFileSystemEntries(target));
    }

    [Fact]
    public void A_link_that_leads_nowhere_makes_nothing_there()
    {
        string target = _folder["nowhere"];
        File.CreateSymbolicLink(Run, target);

        Assert.Contains("symbolic link", Refusal(Run), StringComparison.Ordinal);

        Assert.False(Directory.Exists(target));
    }

    [Fact]
    public void A_link_of_ones_own_above_is_followed()
    {
        Directory.CreateDirectory(_folder["real"], OwnerOnly);
        File.CreateSymbolicLink(_folder["way"], "./real/../real");

        using (RunDirectory directory = RunDirectory.Open(_folder["way/run"]))
        {
            Assert.True(File.Exists(_folder["real/run/lock"]));
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["real"]));
    }

    [Fact]
    public void Links_in_a_circle_end()
    {
        File.CreateSymbolicLink(_folder["a"], _folder["b"]);
        File.CreateSymbolicLink(_folder["b"], _folder["a"]);

        Assert.Contains("symbolic links", Refusal(_folder["a/run"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/proc/ptnet-run", "ptnet-run cannot be made in /proc")]
    [InlineData("/proc/self/ptnet-run", "ptnet-run cannot be made in /proc/")]
    [InlineData("/dev/null/ptnet-run", "Not a directory")]
    public void Where_no_directory_can_be_made_the_place_is_named(string path, string reason)
    {
        string refusal = Refusal(path);

        Assert.Contains(reason, refusal, StringComparison.Ordinal);
        Assert.Contains($"run directory {path}: ", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("/fd/", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_others_may_write_into_is_refused_and_keeps_its_mode()
    {
        Directory.CreateDirectory(Run);
        File.SetUnixFileMode(Run, Everybody);

        Assert.Contains("mode 777", Refusal(Run), StringComparison.Ordinal);

        Assert.Equal(Everybody, File.GetUnixFileMode(Run));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Run));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Below_a_directory_that_others_may_write_into_it_is_safe_only_with_the_sticky_bit(bool isSticky)
    {
        string above = _folder["above"];
        Directory.CreateDirectory(above);
        File.SetUnixFileMode(above, Everybody | (isSticky ? UnixFileMode.StickyBit : 0));
        string run = Path.Combine(above, "run");

        if (isSticky)
        {
            RunDirectory.Open(run).Dispose();
        }
        else
        {
            Assert.Contains($"chmod go-w {above}", Refusal(run), StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(run));
    }

    [Theory]
    [InlineData(".")]
    [InlineData("link")]
    [InlineData("above")]
    [InlineData("control.sock")]
    [InlineData("lock")]
    [InlineData("nic-changes")]
    public void What_another_user_owns_is_refused(string planted)
    {
        Needs.Root();
        Directory.CreateDirectory(Run, OwnerOnly);
        string run = Run;
        switch (planted)
        {
            case ".":
                GiveAway(Run);
                break;
            case "link":
                File.CreateSymbolicLink(_folder["way"], _folder.Path);
                GiveAway(_folder["way"]);
                run = _folder["way/run"];
                break;
            case "above":
                Directory.CreateDirectory(_folder["above/run"], OwnerOnly);
                GiveAway(_folder["above"]);
                run = _folder["above/run"];
                break;
            default:
                File.WriteAllText(Path.Combine(Run, planted), "");
                GiveAway(Path.Combine(Run, planted));
                break;
        }

        string[] before = Directory.GetFileSystemEntries(run);
        Assert.Contains($"user {Nobody}", Refusal(run), StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFileSystemEntries(run));
    }

    [Theory]
    [InlineData("lock", "link")]
    [InlineData("nic-changes.new", "link")]
    [InlineData("lock", "name")]
    [InlineData("lock", "directory")]
    [InlineData("lock", "fifo")]
    [InlineData("vale0=a.sock", "directory")]
    [InlineData("vale0=a.sock", "link")]
    [InlineData("control.sock", "link")]
    [InlineData("control.sock", "name")]
    public void What_is_no_plain_file_of_one_name_is_refused_and_what_it_leads_to_is_not_written(string name,
        string kind)
    {
        Directory.CreateDirectory(Run, OwnerOnly);
        string dear = _folder["dear"];
        File.WriteAllText(dear, "dear");
        string planted = Path.Combine(Run, name);
        switch (kind)
        {
            case "link":
                File.CreateSymbolicLink(planted, dear);
                break;
            case "name":
                Do("ln", dear, planted);
                break;
            case "fifo":
                Do("mkfifo", planted);
                break;
            default:
                Directory.CreateDirectory(planted);
                break;
        }

        Assert.Contains($"'{name}'", Refusal(Run), StringComparison.Ordinal);
        Assert.Equal("dear", File.ReadAllText(dear));
    }

    [Fact]
    public void At_the_end_only_its_own_directory_is_touched_whatever_lies_in_its_place()
    {
        RunDirectory directory = RunDirectory.Open(Run);
        Directory.Move(Run, _folder["moved"]);
        Directory.CreateDirectory(Run, OwnerOnly);
        File.WriteAllText(Path.Combine(Run, "control.sock"), "another's");

        directory.Dispose();

        Assert.True(File.Exists(Path.Combine(Run, "control.sock")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["moved"]));
    }

    [Fact]
    public async Task Whoever_speaks_to_a_daemon_makes_sure_of_its_user_first()
    {
        await using DaemonBed bed = await DaemonBed.Start();
        using Socket socket = await DaemonDoor.Connect(bed.RunDirectory, TestContext.Current.CancellationToken);

        Assert.Equal(DirectoryAccess.User, DaemonDoor.PeerOf(socket));
        DaemonDoor.Require(DirectoryAccess.User, "s");
        DaemonDoor.Require(0, "s");
        RunDirectoryException refusal =
            Assert.Throws<RunDirectoryException>(() => DaemonDoor.Require(1234, "/r/control.sock"));
        Assert.Contains("/r/control.sock is a socket of user 1234", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_no_daemon_answers_the_reason_is_told()
    {
        Assert.Contains($"there is no run directory {Run};", await Nobodys(Run), StringComparison.Ordinal);
        Directory.CreateDirectory(Run, OwnerOnly);
        Assert.Contains("it has no control.sock", await Nobodys(Run), StringComparison.Ordinal);
        string file = Path.Combine(Run, "control.sock");
        File.WriteAllText(file, "");
        Assert.Contains($"{file} is no socket", await Nobodys(Run), StringComparison.Ordinal);
        Assert.Contains("no run directory", await Nobodys(file), StringComparison.Ordinal);
        File.Delete(file);
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(file));
            Assert.Contains($"nobody listens at {file}: its daemon has died", await Nobodys(Run),
                StringComparison.Ordinal);
        }
    }

    private static async Task<string> Nobodys(string directory)
    {
        RunDirectoryException refusal = await Assert.ThrowsAsync<RunDirectoryException>(
            () => DaemonDoor.Connect(directory, TestContext.Current.CancellationToken));
        Assert.Contains("--run-dir", refusal.Message, StringComparison.Ordinal);
        return refusal.Message;
    }

    private static string Refusal(string path)
    {
        RunDirectoryException refusal = Assert.Throws<RunDirectoryException>(() => RunDirectory.Open(path));
        Assert.Contains("--run-dir", refusal.Message, StringComparison.Ordinal);
        return refusal.Message;
    }

    private static void GiveAway(string path) => Do("chown", "-h", $"{Nobody}", path);

    private static void Do(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
