using System.Collections.Concurrent;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Ptnetmap.Linux;

namespace Ptnetmap.Daemon.Hosting;

/// <summary>The directory of one daemon, for its user alone: a lock, the control socket, and a socket for each device.
/// <code>
/// DIR/lock           its process id and a random mark; flocked while it lives
/// DIR/control.sock   HTTP
/// DIR/*.sock         devices
/// DIR/nic-changes    what ports have changed in NICs and a killed daemon leaves there, while there is some
/// </code>
/// A lock that can be taken was a dead daemon's: its files are replaced. One that cannot is a live one's and is left
/// alone.</summary>
public sealed class RunDirectory : IDisposable
{
    /// <summary>The lock's file.</summary>
    public const string LockName = "lock";

    /// <summary>The control socket's file.</summary>
    public const string ControlName = "control.sock";

    /// <summary>The file of changes in NICs.</summary>
    public const string NicChangesName = "nic-changes";

    /// <summary>The environment variable that names the directory.</summary>
    public const string Variable = "PTNET_RUN_DIR";

    private const string SocketEnd = ".sock";

    // sun_path has 108 bytes, the last of which is zero.
    private const int LongestSocketPath = 107;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly FileDescriptor _directory;
    private readonly SafeFileHandle _lock;
    private readonly bool _isMade;
    private readonly ConcurrentDictionary<string, bool> _sockets =
        new([new(ControlName, true)], StringComparer.Ordinal);
    private bool _disposed;

    private RunDirectory(string path, FileDescriptor directory, SafeFileHandle held, bool isMade, int? deadProcess)
    {
        Path = path;
        _directory = directory;
        _lock = held;
        _isMade = isMade;
        DeadProcess = deadProcess;
    }

    /// <summary>The directory.</summary>
    public string Path { get; }

    /// <summary>The daemon that died here and whose files were replaced; null when there was none.</summary>
    public int? DeadProcess { get; }

    /// <summary>Where the API listens.</summary>
    public string ControlSocket => ControlSocketIn(Path);

    /// <summary>Where changes are noted that ports have made in NICs.</summary>
    public string NicChangesFile => System.IO.Path.Combine(Path, NicChangesName);

    /// <summary>The control socket of the daemon in <paramref name="directory"/>.</summary>
    public static string ControlSocketIn(string directory) => System.IO.Path.Combine(directory, ControlName);

    /// <summary>The directory to use: <paramref name="option"/>, else <c>PTNET_RUN_DIR</c>, else <c>/run/ptnet</c> for
    /// root, else <c>$XDG_RUNTIME_DIR/ptnet</c>.</summary>
    /// <exception cref="RunDirectoryException">None of them is given, or the option is empty or too long for a
    /// socket.</exception>
    public static string Choose(string? option)
    {
        if (option is "")
        {
            throw new RunDirectoryException("run directory '': the name is empty; name one, or leave --run-dir out");
        }

        if (option is not null)
        {
            CheckLength(ControlSocketIn(System.IO.Path.GetFullPath(option)));
        }

        string? chosen = FirstOf(option, Environment.GetEnvironmentVariable(Variable));
        if (chosen is null && Environment.IsPrivilegedProcess)
        {
            chosen = "/run/ptnet";
        }

        if (chosen is null && FirstOf(Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR")) is { } runtime)
        {
            chosen = System.IO.Path.Combine(runtime, "ptnet");
        }

        return chosen is null
            ? throw new RunDirectoryException(
                $"no run directory: XDG_RUNTIME_DIR is not set; give --run-dir DIR or set {Variable}")
            : System.IO.Path.GetFullPath(chosen);
    }

    /// <summary>Makes the directory this process's own: it, and all above it, are in nobody else's hands.</summary>
    /// <exception cref="RunDirectoryException">A live daemon has it, it holds somebody else's files, or somebody else
    /// could put some there. Nothing of it has been changed then.</exception>
    public static RunDirectory Open(string path)
    {
        CheckLength(ControlSocketIn(path));
        while (true)
        {
            FileDescriptor directory = SafeDirectory.OpenOrMake(path, out bool isMade);
            try
            {
                RefuseStrangers(directory, path);
                if (RunLock.TryTake(directory, path, ref isMade, out int? dead) is { } held)
                {
                    File.SetUnixFileMode(DirectoryAccess.PathOf(directory), OwnerOnly);
                    RemoveSockets(directory,
                        Directory.EnumerateFiles(DirectoryAccess.PathOf(directory)).Select(NameOf).Where(IsSockets));
                    return new RunDirectory(path, directory, held, isMade, dead);
                }
            }
            catch
            {
                directory.Dispose();
                throw;
            }

            directory.Dispose();
        }
    }

    /// <summary>Where the socket of a device goes; the name is made fit for a file, and for the room that a socket's
    /// path has.</summary>
    /// <exception cref="RunDirectoryException">The directory's path leaves no room.</exception>
    public string SocketFor(string device) => SocketFor(device, "");

    /// <summary>Where another socket of a device goes.</summary>
    /// <param name="device">The device's name.</param>
    /// <param name="purpose">What the file's name has behind the device's: <c>.mem</c>.</param>
    public string SocketFor(string device, string purpose)
    {
        string end = purpose + SocketEnd;
        int room = LongestSocketPath - Encoding.UTF8.GetByteCount(System.IO.Path.Combine(Path, end));
        string path = System.IO.Path.Combine(Path, NameSpelling.FileName.Of(device, room) + end);
        CheckLength(path);
        _ = _sockets.TryAdd(NameOf(path), true);
        return path;
    }

    /// <summary>Removes what the daemon made, and the directory when a daemon made it and nothing else is in
    /// it.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;

        // The lock last: until then nobody else comes in.
        new Teardown().Step($"sockets in {Path}", () => RemoveSockets(_directory, _sockets.Keys))
            .Step(LockName,
                () => FileRemoval.Remove(System.IO.Path.Combine(DirectoryAccess.PathOf(_directory), LockName)))
            .Step(Path, RemoveDirectory)
            .Step(LockName, _lock.Dispose)
            .Step(Path, _directory.Dispose)
            .Finish();
    }

    private static void RemoveSockets(FileDescriptor directory, IEnumerable<string> names)
    {
        foreach (string name in names.Where(name => FileStatus.TryOf(directory, name) is { Kind: FileKind.Socket }))
        {
            FileRemoval.Remove(System.IO.Path.Combine(DirectoryAccess.PathOf(directory), name));
        }
    }

    private static string NameOf(string path) => System.IO.Path.GetFileName(path);

    // All names of ports but a pipe's have a colon, which is spelled so; a pipe's have an escape, and so has what is
    // shortened.
    private static bool IsSockets(string name) => name is ControlName
        || (name.EndsWith(SocketEnd, StringComparison.Ordinal) && name.AsSpan().IndexOfAny('=', '+') >= 0);

    private static string? FirstOf(params ReadOnlySpan<string?> candidates)
    {
        foreach (string? candidate in candidates)
        {
            if (!string.IsNullOrEmpty(candidate))
            {
                return candidate;
            }
        }

        return null;
    }

    /// <summary>Refuses a socket's path that Linux has no room for.</summary>
    internal static void CheckLength(string socket)
    {
        if (Encoding.UTF8.GetByteCount(socket) > LongestSocketPath)
        {
            throw new RunDirectoryException(
                $"socket {socket}: its path has more than the " +
                $"{LongestSocketPath} bytes that Linux allows; choose a shorter --run-dir");
        }
    }

    private static void RefuseStrangers(FileDescriptor directory, string path)
    {
        foreach (string entry in Directory.EnumerateFileSystemEntries(DirectoryAccess.PathOf(directory)))
        {
            string name = System.IO.Path.GetFileName(entry);
            if (FileStatus.TryOf(directory, name) is { } status && WhyStrange(name, status) is { } why)
            {
                throw new RunDirectoryException(
                    $"run directory {path} holds '{name}', {why}; choose an empty one with --run-dir or {Variable}");
            }
        }
    }

    // What is written into, or believed, has to be this user's own, and to have no second name elsewhere.
    private static string? WhyStrange(string name, FileStatus status)
    {
        bool isSocket = IsSockets(name);
        bool isPlain = name is LockName || name.StartsWith(NicChangesName, StringComparison.Ordinal);
        return !isSocket && !isPlain ? "which is no daemon's"
            : status.Owner != DirectoryAccess.User ? $"which is {Users.NameOf(status.Owner)}'s"
            : isPlain && (status.Kind != FileKind.Regular || status.Links != 1)
                ? "which is no plain file, or has a second name"
            : isSocket && status.Kind != FileKind.Socket ? $"which is {status.KindText}, and no socket"
            : null;
    }

    private void RemoveDirectory()
    {
        try
        {
            // What lies there by now may be another one than ours.
            bool isOurs = FileStatus.TryOf(Path)?.Identity == FileStatus.Of(_directory).Identity;
            if (_isMade && isOurs && !Directory.EnumerateFileSystemEntries(Path).Any())
            {
                Directory.Delete(Path);
            }
        }
        catch (IOException)
        {
            // Somebody put a file there just now; it is not ours to remove.
        }
        catch (UnauthorizedAccessException)
        {
            // The directory above is not ours (a service manager made this one, and removes it).
        }
    }
}
