using System.Net.Sockets;
using System.Runtime.InteropServices;
using Ptnetmap.Daemon.Hosting;
using Ptnetmap.Linux;

namespace Ptnetmap.Daemon.Running;

/// <summary>The control socket of a run directory, as those see it who speak to the daemon: connects to it, makes sure
/// of who listens, and says what is wrong when nobody does.</summary>
public static class DaemonDoor
{
    // SOL_SOCKET, SO_PEERCRED; struct ucred: process, user, group.
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;
    private const int UserAt = 4;
    private const int AccessDenied = 13; // EACCES

    private const string Others = $"or name the daemon's directory with --run-dir or {RunDirectory.Variable}";

    /// <summary>Connects to the daemon in <paramref name="directory"/>.</summary>
    /// <exception cref="RunDirectoryException">There is none, or whoever listens there is not to be trusted; the
    /// message says which, and what to do.</exception>
    public static async Task<Socket> Connect(string directory, CancellationToken cancel)
    {
        string path = RunDirectory.ControlSocketIn(directory);
        RunDirectory.CheckLength(path);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel);
            Require(PeerOf(socket), path);
            return socket;
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            throw new RunDirectoryException(WhyNobody(directory, failure), failure);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The user whose process listens at the other end.</summary>
    internal static uint PeerOf(Socket socket)
    {
        Span<byte> credentials = stackalloc byte[12];
        _ = socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials);
        return MemoryMarshal.Read<uint>(credentials[UserAt..]);
    }

    /// <summary>Refuses a listener that is neither root's nor the caller's: it would learn what is asked, and answer as
    /// it likes.</summary>
    internal static void Require(uint peer, string path)
    {
        if (!Users.IsTrusted(peer))
        {
            throw new RunDirectoryException(
                $"{path} is a socket of " +
                $"{Users.NameOf(peer)}, and neither root's nor your own ({Users.NameOf(DirectoryAccess.User)}); " +
                $"run ptnet as that user if the daemon is meant, {Others}");
        }
    }

    /// <summary>Why nobody listens in <paramref name="directory"/>, and what to do.</summary>
    internal static string WhyNobody(string directory, SocketException failure)
    {
        string path = RunDirectory.ControlSocketIn(directory);
        try
        {
            return (FileStatus.TryOf(directory), FileStatus.TryOf(path)) switch
            {
                (null, _) => $"no daemon: there is no run directory {directory}; start one with 'ptnet up', {Others}",
                (_, null) => "no daemon in run directory " +
                    $"{directory}: it has no {RunDirectory.ControlName}; start one with 'ptnet up', {Others}",
                (_, { Kind: not FileKind.Socket }) =>
                    $"{path} is no socket, so {directory} is no daemon's; {Others[3..]}",
                (_, { Owner: var owner }) when failure.SocketErrorCode == SocketError.AccessDenied =>
                    $"{path} is {Users.NameOf(owner)}'s, and you are " +
                        $"{Users.NameOf(DirectoryAccess.User)}; run ptnet as that user, {Others}",
                _ when failure.SocketErrorCode == SocketError.ConnectionRefused =>
                    "nobody listens at " +
                        $"{path}: its daemon has died; start one with 'ptnet up', which takes its place, {Others}",
                _ => $"no daemon answers at {path} ({failure.Message}); start one with 'ptnet up', {Others}",
            };
        }
        catch (LinuxException denied) when (denied.Errno == AccessDenied)
        {
            string owner =
                OwnerOf(directory) is { } user ? $" belongs to {Users.NameOf(user)}, and" : " is not open to you:";
            return "run directory " +
                $"{directory}{owner} you are {Users.NameOf(DirectoryAccess.User)}; run ptnet as that user, {Others}";
        }
        catch (LinuxException wrong)
        {
            return $"{directory} is no run directory ({wrong.Message}); {Others[3..]}";
        }
    }

    private static uint? OwnerOf(string directory)
    {
        try
        {
            return FileStatus.TryOf(directory)?.Owner;
        }
        catch (LinuxException)
        {
            // What it lies in is closed as well.
            return null;
        }
    }
}
