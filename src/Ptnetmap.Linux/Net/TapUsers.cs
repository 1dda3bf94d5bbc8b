using System.Globalization;

namespace Ptnetmap.Linux.Net;

/// <summary>Which programs have queues of a TAP interface, for messages: <c>/proc/PID/fdinfo</c> says so
/// (<c>iff:</c>).</summary>
public static class TapUsers
{
    private const string Processes = "/proc";

    /// <summary>The first that is found, <c>qemu (process 123)</c>; "a program" when none is seen.</summary>
    /// <param name="name">The interface's name. One of that name in another namespace is not told from it.</param>
    public static string Of(string name)
    {
        foreach (string process in Directory.EnumerateDirectories(Processes))
        {
            string id = Path.GetFileName(process);
            if (int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out _)
                && Has(process, $"iff:\t{name}"))
            {
                return $"{NameOf(process)} (process {id})";
            }
        }

        return "a program";
    }

    // Processes end, and close files, while we look; others' files may not be ours to see.
    private static bool Has(string process, string line)
    {
        try
        {
            return Directory.EnumerateFiles($"{process}/fdinfo").Any(file => IsOf(file, line));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool IsOf(string file, string line)
    {
        try
        {
            return File.ReadLines(file).Contains(line, StringComparer.Ordinal);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string NameOf(string process)
    {
        try
        {
            return File.ReadAllText($"{process}/comm").TrimEnd();
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "a program";
        }
    }
}
