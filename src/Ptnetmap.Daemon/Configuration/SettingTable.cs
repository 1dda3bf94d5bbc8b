namespace Ptnetmap.Daemon.Configuration;

/// <summary>All settings of an object.</summary>
/// <typeparam name="T">What holds them.</typeparam>
public sealed class SettingTable<T>(params IReadOnlyList<Setting<T>> settings) : ISettingTable
    where T : new()
{
    /// <inheritdoc/>
    public string Name => typeof(T).Name;

    /// <summary>The settings.</summary>
    public IReadOnlyList<Setting<T>> All => settings;

    /// <inheritdoc/>
    IEnumerable<Setting> ISettingTable.All => settings;

    /// <summary>The setting of a name, which there is.</summary>
    public Setting<T> Find(string name) =>
        settings.First(setting => string.Equals(setting.Name, name, StringComparison.Ordinal));

    /// <summary>The limits of a whole number of that name.</summary>
    public NumberLimits LimitsOf(string name) => ((WholeSetting<T>)Find(name)).Limits;

    /// <summary>The words of a text of that name.</summary>
    public string[] WordsOf(string name) => [.. ((TextSetting<T>)Find(name)).Words];

    /// <summary>What is wrong with each on its own.</summary>
    internal IEnumerable<Fault> Check(T values) => settings.SelectMany(setting => setting.Check(values));

    /// <summary>The names of those that have another than the usual value.</summary>
    internal IEnumerable<string> SetIn(T values) =>
        settings.Where(setting => setting.IsSet(values)).Select(setting => setting.Name);
}
