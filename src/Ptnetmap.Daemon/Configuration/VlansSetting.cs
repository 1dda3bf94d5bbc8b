using System.Text.Json.Nodes;
using Ptnetmap.Linux;
using Ptnetmap.Ports.Switching;

namespace Ptnetmap.Daemon.Configuration;

/// <summary>A list of VLANs: numbers, or texts of ranges.</summary>
public sealed class VlansSetting<T>(
    string name, string help, Func<T, IReadOnlyList<string>?> get, Action<T, IReadOnlyList<string>> set)
    : ValueSetting<T, IReadOnlyList<string>>(name, help, get, set)
    where T : new()
{
    /// <inheritdoc/>
    internal override JsonObject Schema => JsonSchema.Of("array", ("items", new JsonObject
    {
        ["oneOf"] = new JsonArray(JsonSchema.Of("integer", ("minimum", 1), ("maximum", VlanRange.MaxVlan)), JsonSchema.Of("string")),
    }));

    /// <summary>What is wrong with a text; null when it names VLANs.</summary>
    public static string? FaultOf(string text) => VlanRange.TryParse(text, out _)
        ? null
        : $"'{Printable.Name(text)}' names no VLANs; expected numbers from 1 to {VlanRange.MaxVlan}, or ranges as 100-199";

    /// <inheritdoc/>
    private protected override string? WhyNot(IReadOnlyList<string> value) => value.Select(FaultOf).FirstOrDefault(why => why is not null);

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
