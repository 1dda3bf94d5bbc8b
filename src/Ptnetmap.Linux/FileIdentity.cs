namespace Ptnetmap.Linux;

/// <summary>Which file something is, whatever it is called (<c>statx(2)</c>).</summary>
/// <param name="Device">The file system's device number.</param>
/// <param name="Number">Its number there (inode).</param>
public readonly record struct FileIdentity(ulong Device, ulong Number)
{
    /// <summary>True when this process has the file open by another descriptor than
    /// <paramref name="except"/>.</summary>
    public bool IsOpenHere(int except)
    {
        foreach (string link in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
        {
            // One that was closed meanwhile, such as that of this listing, is no file any more.
            if (int.TryParse(Path.GetFileName(link), out int number) && number != except
                && FileStatus.TryOf(number) is { } other && other.Identity == this)
            {
                return true;
            }
        }

        return false;
    }
}
