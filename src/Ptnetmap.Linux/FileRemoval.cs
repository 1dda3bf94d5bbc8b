namespace Ptnetmap.Linux;

/// <summary>Removes files of ours that somebody else may have removed before, with or without their
/// directory.</summary>
public static class FileRemoval
{
    /// <summary>Removes a file; one that is not there is none to remove.</summary>
    /// <exception cref="IOException">It is there and stays.</exception>
    /// <exception cref="UnauthorizedAccessException">Its directory is not ours to change.</exception>
    public static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            // Gone with its directory.
        }
    }
}
