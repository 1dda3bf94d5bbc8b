namespace Ptnetmap.Lab.Machine;

/// <summary>Reads the kernel's small text files; null where one is missing or closed to us.</summary>
public static class ProcFile
{
    /// <summary>The first line, trimmed.</summary>
    public static string? Line(string path) => Read(path)?.Split('\n')[0].Trim();

    /// <summary>The value of the first line <c>NAME: VALUE</c>.</summary>
    public static string? Field(string path, string name)
    {
        foreach (string line in Read(path)?.Split('\n') ?? [])
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && line.AsSpan(0, colon).Trim().SequenceEqual(name))
            {
                return line[(colon + 1)..].Trim();
            }
        }

        return null;
    }

    /// <summary>A file that holds one number.</summary>
    public static long? Number(string path) => long.TryParse(Line(path), out long number) ? number : null;

    /// <summary>All of it.</summary>
    public static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
