using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Ptnetmap.Linux;
using Ptnetmap.Ports.Naming;

namespace Ptnetmap.Daemon.Running;

/// <summary>The directory of one daemon, for its user alone: a lock, the control socket, and a socket for each device.
/// <code>
/// DIR/lock           its process id and a random mark; flocked while it lives
/// DIR/control.sock   HTTP
/// DIR/*.sock         devices
/// DIR/nic-changes    what ports have changed in NICs and a killed daemon leaves there, while there is some
/// </code>
/// A lock that can be taken was a dead daemon's: its files are replaced. One that cannot is a live one's and is left alone.</summary>
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
    private const string SocketPattern = "*" + SocketEnd;

    // sun_path has 108 bytes, the last of which is zero.
    private const int LongestSocketPath = 107;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly SafeFileHandle _lock;
    private bool _disposed;

    private RunDirectory(string path, SafeFileHandle held, int? deadProcess)
    {
        Path = path;
        _lock = held;
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

    /// <summary>The directory to use: <paramref name="option"/>, else <c>PTNET_RUN_DIR</c>, else <c>/run/ptnet</c> for root,
    /// else <c>$XDG_RUNTIME_DIR/ptnet</c>.</summary>
    /// <exception cref="RunDirectoryException">None of them is given.</exception>
    public static string Choose(string? option)
    {
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
            ? throw new RunDirectoryException($"no run directory: XDG_RUNTIME_DIR is not set; give --run-dir DIR or set {Variable}")
            : System.IO.Path.GetFullPath(chosen);
    }

    /// <summary>Makes the directory this process's own.</summary>
    /// <exception cref="RunDirectoryException">A live daemon has it, or it holds somebody else's files.</exception>
    public static RunDirectory Open(string path)
    {
        CheckLength(ControlSocketIn(path));
        try
        {
            Directory.CreateDirectory(path, OwnerOnly);
            File.SetUnixFileMode(path, OwnerOnly);
        }
        catch (UnauthorizedAccessException refused)
        {
            throw new RunDirectoryException(
                $"run directory {path}: {refused.Message} Choose one of your own with --run-dir or {Variable}", refused);
        }

        RefuseStrangers(path);
        SafeFileHandle held = TakeLock(path, out int? dead);
        foreach (string left in Directory.EnumerateFiles(path, SocketPattern))
        {
            File.Delete(left);
        }

        return new RunDirectory(path, held, dead);
    }

    /// <summary>Where the socket of a device goes; the name is made fit for a file, and for the room that a socket's path
    /// has.</summary>
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
        return path;
    }

    /// <summary>Removes what the daemon made, and the directory when nothing else is in it.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        var end = new Teardown();
        if (Directory.Exists(Path))
        {
            // The lock last: until then nobody else comes in.
            end.Step($"sockets in {Path}", RemoveSockets)
                .Step(LockName, () => FileRemoval.Remove(System.IO.Path.Combine(Path, LockName)))
                .Step(Path, RemoveDirectory);
        }

        end.Step(LockName, _lock.Dispose).Finish();
    }

    private void RemoveSockets()
    {
        foreach (string socket in Directory.EnumerateFiles(Path, SocketPattern))
        {
            FileRemoval.Remove(socket);
        }
    }

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

    private static void CheckLength(string socket)
    {
        if (Encoding.UTF8.GetByteCount(socket) > LongestSocketPath)
        {
            throw new RunDirectoryException(
                $"socket {socket}: its path has more than the {LongestSocketPath} bytes that Linux allows; choose a shorter --run-dir");
        }
    }

    private static void RefuseStrangers(string path)
    {
        string? stranger = Directory.EnumerateFileSystemEntries(path).Select(System.IO.Path.GetFileName)
            .FirstOrDefault(name => name is not LockName && !name!.StartsWith(NicChangesName, StringComparison.Ordinal) && !name!.EndsWith(".sock", StringComparison.Ordinal));
        if (stranger is not null)
        {
            throw new RunDirectoryException(
                $"run directory {path} holds '{stranger}', which is no daemon's; choose an empty one with --run-dir or {Variable}");
        }
    }

    private static SafeFileHandle TakeLock(string path, out int? dead)
    {
        string file = System.IO.Path.Combine(path, LockName);
        while (true)
        {
            SafeFileHandle held = FileLock.Open(file);
            int? holder = ReadProcess(held);
            if (!FileLock.TryTake(held))
            {
                held.Dispose();
                throw new RunDirectoryException(
                    $"run directory {path} is in use by a live daemon (process {holder?.ToString() ?? "unknown"}); " +
                    $"stop it, or choose another with --run-dir or {Variable}");
            }

            // Between opening and locking the last holder may have removed the file: then ours is one that nobody sees.
            string mark = $"{Environment.ProcessId} {Guid.NewGuid():n}\n";
            RandomAccess.SetLength(held, 0);
            RandomAccess.Write(held, Encoding.ASCII.GetBytes(mark), 0);
            if (IsAt(file, mark))
            {
                dead = holder;
                return held;
            }

            held.Dispose();
            Directory.CreateDirectory(path, OwnerOnly);
        }
    }

    private static int? ReadProcess(SafeFileHandle file)
    {
        string text = Read(file);
        int end = text.IndexOf(' ', StringComparison.Ordinal);
        return end > 0 && int.TryParse(text[..end], NumberStyles.None, CultureInfo.InvariantCulture, out int process)
            ? process
            : null;
    }

    private static bool IsAt(string path, string mark)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using SafeFileHandle seen = FileLock.Open(path);
        return string.Equals(Read(seen), mark, StringComparison.Ordinal);
    }

    private static string Read(SafeFileHandle file)
    {
        Span<byte> text = stackalloc byte[64];
        return Encoding.ASCII.GetString(text[..RandomAccess.Read(file, text, 0)]);
    }

    private void RemoveDirectory()
    {
        try
        {
            if (!Directory.EnumerateFileSystemEntries(Path).Any())
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
