namespace Ptnetmap.Linux;

/// <summary>Files in which the kernel tells of itself, and which may not be there, or not for us.</summary>
internal static class KernelFile
{
    /// <summary>The lines of one; none when it cannot be read.</summary>
    internal static string[] ReadLines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
