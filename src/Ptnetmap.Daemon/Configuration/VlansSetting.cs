using System.Text.Json.Nodes;
using Ptnetmap.Ports.Switching;

namespace Ptnetmap.Daemon.Configuration;

/// <summary>A list of VLANs: numbers, or texts of ranges.</summary>
public sealed class VlansSetting<T>(
    string name, string help, Func<T, IReadOnlyList<string>?> get, Action<T, IReadOnlyList<string>> set,
    string unit = "")
    : ValueSetting<T, IReadOnlyList<string>>(name, help, get, set, unit)
    where T : new()
{
    /// <inheritdoc/>
    internal override JsonObject Schema => JsonSchema.Of("array", ("items", new JsonObject
    {
        ["oneOf"] = new JsonArray(JsonSchema.Of("integer", ("minimum", 1), ("maximum", VlanRange.MaxVlan)),
            JsonSchema.Of("string")),
    }));

    /// <inheritdoc/>
    private protected override string? WhyNot(IReadOnlyList<string> value) =>
        value.Select(VlanRange.FaultOf).FirstOrDefault(why => why is not null);

    /// <inheritdoc/>
    private protected override bool TryRead(Section section, ConfigValue found, out IReadOnlyList<string>? value)
    {
        string?[]? texts = (found.Data as List<ConfigValue>)?
            .Select(item => item.Data is long number ? $"{number}" : item.Data as string).ToArray();
        value = texts?.OfType<string>().ToList();
        return value is { Count: > 0 } && value.Count == texts!.Length
            || Refuse(section, found, "a list of VLANs, as [10, 20, \"100-199\"]");
    }
}
