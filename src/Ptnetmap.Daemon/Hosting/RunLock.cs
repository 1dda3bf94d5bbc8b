using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Ptnetmap.Linux;

namespace Ptnetmap.Daemon.Hosting;

/// <summary>The lock of a run directory: a file with its holder's process id and a random mark, flocked while it
/// lives.</summary>
internal static class RunLock
{
    private const int NotThere = 2; // ENOENT
    private const string Made = " made\n";

    /// <summary>Takes it.</summary>
    /// <param name="directory">The directory, which nobody else can write into.</param>
    /// <param name="path">What it is called.</param>
    /// <param name="isMade">The directory is the daemon's to remove; noted in the file for who comes after one that
    /// dies, and true already when one that died had noted it.</param>
    /// <param name="dead">The daemon that died here; null when none did.</param>
    /// <returns>Null when the directory was removed meanwhile: the last holder does so at its end.</returns>
    /// <exception cref="RunDirectoryException">A live daemon has it.</exception>
    internal static SafeFileHandle? TryTake(FileDescriptor directory, string path, ref bool isMade, out int? dead)
    {
        string file = Path.Combine(path, RunDirectory.LockName);
        dead = null;
        if (TryOpen(directory) is not { } held)
        {
            return null;
        }

        string text = ReadText(held);
        dead = ProcessIn(text);
        if (!FileLock.TryTake(held))
        {
            held.Dispose();
            throw new RunDirectoryException(
                $"run directory {path} is in use by a live daemon (process " +
                $"{dead?.ToString(CultureInfo.InvariantCulture) ?? "unknown"}); " +
                $"stop it, or choose another with --run-dir or {RunDirectory.Variable}");
        }

        isMade |= text.EndsWith(Made, StringComparison.Ordinal);
        RandomAccess.SetLength(held, 0);
        RandomAccess.Write(held,
            Encoding.ASCII.GetBytes($"{Environment.ProcessId} {Guid.NewGuid():n}{(isMade ? Made : "\n")}"), 0);

        // Between opening and locking the last holder may have removed the file: then ours is one that nobody sees.
        using var ours = new FileDescriptor((int)held.DangerousGetHandle(), owns: false);
        if (FileStatus.TryOf(file)?.Identity == FileStatus.Of(ours).Identity)
        {
            return held;
        }

        held.Dispose();
        return null;
    }

    private static SafeFileHandle? TryOpen(FileDescriptor directory)
    {
        try
        {
            return DirectoryAccess.OpenFile(directory, RunDirectory.LockName);
        }
        catch (LinuxException gone) when (gone.Errno == NotThere)
        {
            // In a directory that was removed meanwhile nothing can be made.
            return null;
        }
    }

    private static string ReadText(SafeFileHandle file)
    {
        Span<byte> bytes = stackalloc byte[64];
        return Encoding.ASCII.GetString(bytes[..RandomAccess.Read(file, bytes, 0)]);
    }

    private static int? ProcessIn(string text)
    {
        int end = text.IndexOf(' ', StringComparison.Ordinal);
        return end > 0 && int.TryParse(text[..end], NumberStyles.None, CultureInfo.InvariantCulture, out int process)
            ? process
            : null;
    }
}
