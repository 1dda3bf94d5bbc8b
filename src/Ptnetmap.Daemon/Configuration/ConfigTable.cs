namespace Ptnetmap.Daemon.Configuration;

/// <summary>A table of a configuration file.</summary>
/// <param name="line">The line that it starts on.</param>
internal sealed class ConfigTable(int line)
{
    /// <summary>The line that it starts on, from 1.</summary>
    internal int Line { get; } = line;

    /// <summary>Its values by key.</summary>
    internal Dictionary<string, ConfigValue> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>The line of a key (<c>bar</c>, <c>master.bar</c>); of the table when the key is not there.</summary>
    internal int LineOf(string key)
    {
        string[] parts = key.Split('.', 2);
        if (!Values.TryGetValue(parts[0], out ConfigValue? value))
        {
            return Line;
        }

        return parts.Length == 2 && value.Data is ConfigTable inner ? inner.LineOf(parts[1]) : value.Line;
    }
}
