using Ptnetmap.Linux;

namespace Ptnetmap.Daemon.Hosting;

/// <summary>Goes to a directory that nobody but its user and root can put anything into, or replace, or lead elsewhere:
/// from the root a name at a time, by descriptor, looking at the owner, the kind and the mode of each. Nothing is
/// changed before all that is there has been found safe; what is missing is made.</summary>
internal static class SafeDirectory
{
    private const int MostLinks = 40;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const UnixFileMode Parent = OwnerOnly
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private const string Choice = $"choose another with --run-dir or {RunDirectory.Variable}";

    /// <summary>Opens it, to be read; makes it when it is not there.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="isMade">It was not there.</param>
    /// <exception cref="RunDirectoryException">Somebody else has, or could have, a hand in it.</exception>
    internal static FileDescriptor OpenOrMake(string path, out bool isMade)
    {
        isMade = false;
        var ahead = new Stack<string>(PartsOf(path).Reverse());
        FileDescriptor here = DirectoryAccess.OpenRoot();
        string at = "/";
        int links = 0;
        try
        {
            while (ahead.TryPop(out string? name))
            {
                bool isLast = ahead.Count == 0;
                CheckAbove(here, at, path);
                FileStatus? status = FileStatus.TryOf(here, name);
                if (status is { Kind: FileKind.Link })
                {
                    string target = Follow(here, name, status, at, path, isLast, ++links);
                    (here, at) =
                        Path.IsPathRooted(target) ? Replace(here, DirectoryAccess.OpenRoot(), "/") : (here, at);
                    Array.ForEach([.. PartsOf(target).Reverse()], ahead.Push);
                    continue;
                }

                if (status is null)
                {
                    // Whoever was faster is looked at below.
                    Make(here, name, at, path, isLast);
                    isMade |= isLast;
                }

                (here, at) = Replace(here, DirectoryAccess.Enter(here, name, isLast), Path.Combine(at, name));
            }

            CheckOwn(here, path);
            return here;
        }
        catch (Exception refusal) when (refusal is LinuxException or UnauthorizedAccessException)
        {
            here.Dispose();
            throw new RunDirectoryException($"run directory {path}: at {at}: {refusal.Message}; {Choice}", refusal);
        }
        catch
        {
            here.Dispose();
            throw;
        }
    }

    // .NET tells of the path that it was given, which is a descriptor's; and of a file that it could not find where a
    // file system takes no directories (/proc).
    private static void Make(FileDescriptor here, string name, string at, string path, bool isLast)
    {
        try
        {
            _ = Directory.CreateDirectory(Path.Combine(DirectoryAccess.PathOf(here), name),
                isLast ? OwnerOnly : Parent);
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            string why = refusal is UnauthorizedAccessException ? ": permission denied"
                : refusal is FileNotFoundException or DirectoryNotFoundException ? ", which is no place for directories"
                : $": {refusal.Message}";
            throw new RunDirectoryException(
                $"run directory {path}: {name} cannot be made in {at}{why}; {Choice}", refusal);
        }
    }

    private static string[] PartsOf(string path) =>
        [.. path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part is not ".")];

    private static (FileDescriptor Here, string At) Replace(FileDescriptor left, FileDescriptor entered, string at)
    {
        left.Dispose();
        return (entered, at);
    }

    private static string Follow(FileDescriptor here, string name, FileStatus link, string at, string path,
        bool isLast, int count)
    {
        string full = Path.Combine(at, name);
        string target = new FileInfo(Path.Combine(DirectoryAccess.PathOf(here), name)).LinkTarget ?? "";
        return isLast
            ? throw Refused(path,
                $"it is a symbolic link of {Users.NameOf(link.Owner)} to {target}; name the directory itself")
            : !Users.IsTrusted(link.Owner)
            ? throw Refused(path,
                $"{full} is a symbolic link of {Users.NameOf(link.Owner)}, who could lead it elsewhere")
            : count > MostLinks ? throw Refused(path, $"{full}: more than {MostLinks} symbolic links") : target;
    }

    // Whoever may rename things in a directory above may put another one in the place of ours.
    private static void CheckAbove(FileDescriptor directory, string at, string path)
    {
        FileStatus status = FileStatus.Of(directory);
        if (!Users.IsTrusted(status.Owner))
        {
            throw Refused(path, $"{at} belongs to {Users.NameOf(status.Owner)}, who could replace what is in it");
        }

        if (IsOpenToOthers(status) && !status.IsSticky)
        {
            throw Refused(path,
                $"others may write into {at} ({Octal(status)}), and so replace what is in it (chmod go-w {at})");
        }
    }

    private static void CheckOwn(FileDescriptor directory, string path)
    {
        FileStatus status = FileStatus.Of(directory);
        if (status.Owner != DirectoryAccess.User)
        {
            throw Refused(path, "it belongs to " +
                $"{Users.NameOf(status.Owner)}, and this daemon runs as {Users.NameOf(DirectoryAccess.User)}");
        }

        if (IsOpenToOthers(status))
        {
            throw Refused(path, "others may write into it " +
                $"({Octal(status)}), and may have put things there (look, then chmod 700 {path})");
        }
    }

    // A group of the same number as the user is that user's alone, as most distributions make them.
    private static bool IsOpenToOthers(FileStatus status) =>
        status.IsWorldWritable || (status.IsGroupWritable && status.Group != 0 && status.Group != status.Owner);

    private static string Octal(FileStatus status) =>
        $"mode {Convert.ToString((int)status.Mode, 8)}, group {status.Group}";

    private static RunDirectoryException Refused(string path, string why) =>
        new($"run directory {path}: {why}; or {Choice}");
}
