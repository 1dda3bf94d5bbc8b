using System.Text.Json.Nodes;

namespace Ptnetmap.Daemon.Configuration;

/// <summary>A list of whole numbers, each between limits and there once.</summary>
public sealed class WholesSetting<T>(
    string name, string help, NumberLimits limits, Func<T, IReadOnlyList<int>> get, Action<T, IReadOnlyList<int>> set)
    : ValueSetting<T, IReadOnlyList<int>>(name, help, get, set)
    where T : new()
{
    /// <summary>The limits of each number.</summary>
    public NumberLimits Limits => limits;

    /// <inheritdoc/>
    internal override JsonObject Schema => JsonSchema.Of(
        "array", ("items", JsonSchema.Of("integer", ("minimum", limits.Low), ("maximum", limits.High))),
            ("uniqueItems", true));

    /// <inheritdoc/>
    internal override bool IsSet(T settings) => Get(settings)!.Count > 0;

    /// <inheritdoc/>
    internal override IEnumerable<Fault> Check(T settings) =>
    [
        .. Get(settings)!.Where(value => !limits.Holds(value)).Select(value => new Fault(Name, limits.Refuse(value))),
        .. Get(settings)!.GroupBy(value => value).Where(same => same.Count() > 1).Select(same =>
            new Fault(Name, $"{same.Key} is named twice")),
    ];

    /// <inheritdoc/>
    private protected override bool TryRead(Section section, ConfigValue found, out IReadOnlyList<int>? value)
    {
        string numbers = $"whole numbers from {limits.Low} to {limits.High}";
        value = (found.Data as List<ConfigValue>)?
            .Select(item => section.ReadWhole(item, Name, limits, numbers)).OfType<long>().Select(number =>
                (int)number).ToList();
        return value is not null || Refuse(section, found, $"a list of {numbers}");
    }
}
