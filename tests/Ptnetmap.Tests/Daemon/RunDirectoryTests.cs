using System.Net.Sockets;
using Ptnetmap.Daemon.Hosting;

namespace Ptnetmap.Tests.Daemon;

public sealed class RunDirectoryTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly TemporaryFolder _folder = new();

    private string Path => _folder["run"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_is_for_its_user_alone_and_gone_afterwards()
    {
        using (RunDirectory directory = RunDirectory.Open(Path))
        {
            Assert.Equal(OwnerOnly, File.GetUnixFileMode(Path));
            Assert.Null(directory.DeadProcess);
            MakeSocket(directory.ControlSocket);
            MakeSocket(directory.SocketFor("vale0:a"));
        }

        Assert.False(Directory.Exists(Path));
    }

    [Fact]
    public void One_that_is_there_already_is_closed_to_others()
    {
        Directory.CreateDirectory(Path);
        File.SetUnixFileMode(Path, OwnerOnly | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);

        using RunDirectory directory = RunDirectory.Open(Path);

        Assert.Equal(OwnerOnly, File.GetUnixFileMode(Path));
    }

    [Fact]
    public void A_live_daemons_is_refused_and_left_as_it_is()
    {
        using RunDirectory live = RunDirectory.Open(Path);
        MakeSocket(live.ControlSocket);

        RunDirectoryException refusal = Assert.Throws<RunDirectoryException>(() => RunDirectory.Open(Path));

        Assert.Contains($"process {Environment.ProcessId}", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("--run-dir", refusal.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(live.ControlSocket));
    }

    [Fact]
    public void A_dead_daemons_files_are_replaced_and_it_is_named()
    {
        Directory.CreateDirectory(Path);
        File.WriteAllText(System.IO.Path.Combine(Path, RunDirectory.LockName), "4242 mark\n");
        MakeSocket(System.IO.Path.Combine(Path, RunDirectory.ControlName));
        MakeSocket(System.IO.Path.Combine(Path, "vale0=a.sock"));

        using RunDirectory directory = RunDirectory.Open(Path);

        Assert.Equal(4242, directory.DeadProcess);
        Assert.Equal([RunDirectory.LockName], Directory.EnumerateFiles(Path).Select(System.IO.Path.GetFileName));
    }

    [Fact]
    public void A_folder_with_other_files_is_refused_and_left_as_it_is()
    {
        Directory.CreateDirectory(Path);
        string file = System.IO.Path.Combine(Path, "thesis.tex");
        File.WriteAllText(file, "");

        RunDirectoryException refusal = Assert.Throws<RunDirectoryException>(() => RunDirectory.Open(Path));

        Assert.Contains("thesis.tex", refusal.Message, StringComparison.Ordinal);
        Assert.Equal([file], Directory.EnumerateFiles(Path));
    }

    [Fact]
    public void What_somebody_put_there_later_is_not_removed()
    {
        string file = System.IO.Path.Combine(Path, "notes");
        using (RunDirectory.Open(Path))
        {
            File.WriteAllText(file, "");
        }

        Assert.Equal([file], Directory.EnumerateFiles(Path));
    }

    [Fact]
    public void Another_programs_socket_is_refused_and_stays()
    {
        Directory.CreateDirectory(Path);
        string other = System.IO.Path.Combine(Path, "mysqld.sock");
        MakeSocket(other);

        RunDirectoryException refusal = Assert.Throws<RunDirectoryException>(() => RunDirectory.Open(Path));

        Assert.Contains("mysqld.sock", refusal.Message, StringComparison.Ordinal);
        Assert.Equal([other], Directory.EnumerateFiles(Path));
    }

    [Fact]
    public void At_the_end_only_sockets_of_the_daemons_own_names_go()
    {
        string other = System.IO.Path.Combine(Path, "vale0=b.sock");
        string file = "";
        using (RunDirectory directory = RunDirectory.Open(Path))
        {
            file = directory.SocketFor("vale0:a");
            File.WriteAllText(file, "no socket");
            MakeSocket(directory.ControlSocket);
            MakeSocket(other);
        }

        Assert.Equal([file, other], Directory.EnumerateFiles(Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_directory_that_was_there_stays_and_one_that_a_dead_daemon_made_goes()
    {
        Directory.CreateDirectory(Path);
        RunDirectory.Open(Path).Dispose();
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path));

        File.WriteAllText(System.IO.Path.Combine(Path, RunDirectory.LockName), "4242 mark made\n");
        RunDirectory.Open(Path).Dispose();
        Assert.False(Directory.Exists(Path));
    }

    [Fact]
    public void A_path_that_is_too_long_for_a_socket_is_refused_before_anything_is_made()
    {
        string path = _folder[new string('x', 100)];

        RunDirectoryException refusal = Assert.Throws<RunDirectoryException>(() => RunDirectory.Open(path));

        Assert.Contains("107", refusal.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(path));
    }

    [Fact]
    public void Ports_have_sockets_of_different_names()
    {
        using RunDirectory directory = RunDirectory.Open(Path);
        string[] names = ["vale0:a", "vale0_a", "vale0-a", "p{1", "p}1", "p/1", "p 1"];

        string[] sockets = [.. names.Select(directory.SocketFor)];

        Assert.Equal(names.Length, sockets.Distinct(StringComparer.Ordinal).Count());
        Assert.All(sockets, socket => Assert.Equal(Path, System.IO.Path.GetDirectoryName(socket)));
    }

    // .NET removes a socket's file with the socket, by the name that it was made with.
    private static void MakeSocket(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        string first = path + "~";
        socket.Bind(new UnixDomainSocketEndPoint(first));
        File.Move(first, path);
    }
}
