using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Ptnetmap.Lab.Reporting;

/// <summary>Where JSON goes: nowhere, to standard output (<c>-</c>, and then nothing else goes there), or to a
/// file.</summary>
/// <param name="Path">The option's value; null when not given.</param>
public sealed record JsonTarget(string? Path)
{
    /// <summary>Standard output belongs to the JSON: text for people goes to standard error.</summary>
    public bool OwnsStandardOutput => string.Equals(Path, "-", StringComparison.Ordinal);

    /// <summary>Where text for people goes.</summary>
    public TextWriter People => OwnsStandardOutput ? Console.Error : Console.Out;

    /// <summary>Why the file cannot be written; null when it can, and is there then.</summary>
    public string? Refusal()
    {
        if (Path is "")
        {
            return "expected a file, or - for standard output";
        }

        try
        {
            if (Path is not null && !OwnsStandardOutput)
            {
                using FileStream file = new(Path, FileMode.OpenOrCreate, FileAccess.Write);
            }

            return null;
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return refusal.Message;
        }
    }

    /// <summary>Writes <paramref name="report"/>.</summary>
    public void Write<T>(T report, JsonTypeInfo<T> type)
    {
        if (Path is null)
        {
            return;
        }

        string text = JsonSerializer.Serialize(report, type);
        if (OwnsStandardOutput)
        {
            Console.Out.WriteLine(text);
        }
        else
        {
            File.WriteAllText(Path, text + "\n");
        }
    }
}
