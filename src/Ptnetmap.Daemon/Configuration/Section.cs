using Ptnetmap.Linux;

namespace Ptnetmap.Daemon.Configuration;

/// <summary>Makes settings of one table that was read, by their declarations, whether it came as TOML or as JSON. What
/// has the wrong type, is outside its limits, missing or unknown is told and reads as not given; all of it is
/// found.</summary>
internal sealed class Section
{
    private readonly HashSet<string> _told;

    /// <summary>Makes one of a table.</summary>
    /// <param name="name">What the table is called: <c>port</c>; empty for the file.</param>
    /// <param name="table">The table.</param>
    /// <param name="door">Where what is wrong is told.</param>
    internal Section(string name, ConfigTable table, SettingsDoor door)
        : this(name, "", table, door, new(StringComparer.Ordinal))
    {
    }

    private Section(string name, string within, ConfigTable table, SettingsDoor door, HashSet<string> told) =>
        (Name, Within, Table, Door, _told) = (name, within, table, door, told);

    /// <summary>What the table is called, with those that it is in.</summary>
    internal string Name { get; }

    /// <summary>What comes before a key of it: <c>host.</c>.</summary>
    internal string Within { get; }

    /// <summary>The table.</summary>
    internal ConfigTable Table { get; }

    /// <summary>The way by which it came.</summary>
    internal SettingsDoor Door { get; }

    /// <summary>Reads all settings.</summary>
    internal T Read<T>(SettingTable<T> table)
        where T : new()
    {
        var settings = new T();
        foreach (Setting<T> setting in table.All)
        {
            setting.Read(this, settings);
        }

        Finish([.. table.All.Select(setting => setting.Name)],
            [.. table.All.Where(setting => setting.IsRequired).Select(setting => setting.Name)]);
        return settings;
    }

    /// <summary>Reads all settings, and checks them with <paramref name="rules"/>, but for what was told of the same
    /// key already: that is one mistake.</summary>
    internal T Read<T>(SettingTable<T> table, Func<T, IEnumerable<Fault>> rules)
        where T : new()
    {
        T settings = Read(table);
        foreach (Fault fault in rules(settings).Where(fault => !_told.Contains(fault.Key)))
        {
            Door.Tell(Table.LineOf(fault.Key), fault.Key, fault.Text);
        }

        return settings;
    }

    /// <summary>A value; null when it is not there.</summary>
    internal ConfigValue? Find(string key) => Table.Values.GetValueOrDefault(key);

    /// <summary>A whole number; null when it is none, or outside its limits, which is told.</summary>
    internal long? ReadWhole(ConfigValue found, string key, NumberLimits limits, string expected)
    {
        if (found.Data is not long number || Door.IsNone(number, limits))
        {
            TellUnexpected(found, key, expected);
            return null;
        }

        if (!limits.Holds(number))
        {
            Tell(found.Line, key, limits.Refuse(number));
            return null;
        }

        return number;
    }

    /// <summary>A table within.</summary>
    internal Section Inner(string key, ConfigTable inner) =>
        new($"{Name}.{key}", $"{Within}{key}.", inner, Door, _told);

    /// <summary>Tells that something else is there than what was expected.</summary>
    internal void TellUnexpected(ConfigValue found, string key, string expected, bool isRequired = false) => Tell(
        found.Line,
        key,
        $"expected {expected}, found {Door.Describe(found.Data)}" +
        (found.Data is not null ? "" : isRequired ? "; it is required" : "; leave it out for the usual value"));

    /// <summary>Tells what is unknown, and, of what is required, what is missing.</summary>
    internal void Finish(IReadOnlyList<string> known, params IEnumerable<string> required)
    {
        string[] unknown = [.. Table.Values.Keys.Except(known, StringComparer.Ordinal)];
        foreach (string key in unknown)
        {
            Door.TellUnknown(this, key, known);
        }

        string[] missing = [.. required.Where(key => !Table.Values.ContainsKey(key))];
        _told.UnionWith(missing.Select(key => Within + key));

        // An unknown key may be the one that is missing, mistyped.
        string[] told = [.. missing.Where(key => !Array.Exists(unknown, other => NearbyWords.AreNear(key, other)))];
        if (told.Length > 0)
        {
            Door.TellMissing(this, told);
        }
    }

    /// <summary>True when something was told of a key.</summary>
    internal bool IsTold(string key) => _told.Contains(Within + key);

    private void Tell(int line, string key, string text)
    {
        _ = _told.Add(Within + key);
        Door.Tell(line, Within + key, text);
    }
}
