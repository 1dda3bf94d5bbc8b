using System.Text.Json.Nodes;

namespace Ptnetmap.Daemon.Configuration;

/// <summary>A whole number between limits.</summary>
public sealed class WholeSetting<T>(
    string name, string help, NumberLimits limits, Func<T, long?> get, Action<T, long> set,
    Func<long, string?>? rule = null, string unit = "")
    : ValueSetting<T, long?>(name, help, get, (settings, value) => set(settings, value!.Value), unit)
    where T : new()
{
    /// <summary>The limits.</summary>
    public NumberLimits Limits => limits;

    /// <inheritdoc/>
    internal override JsonObject Schema =>
        JsonSchema.Of("integer", ("minimum", limits.Low), ("maximum", limits.High), ("default", Usual));

    /// <inheritdoc/>
    private protected override bool TryRead(Section section, ConfigValue found, out long? value)
    {
        value = section.ReadWhole(found, Name, limits, limits.ToString());
        return value is not null;
    }

    /// <inheritdoc/>
    private protected override string? WhyNot(long? value) =>
        limits.Holds(value!.Value) ? rule?.Invoke(value.Value) : limits.Refuse(value.Value);
}
