using System.Text.Json;
using Ptnetmap.Linux;

namespace Ptnetmap.Daemon.Configuration;

/// <summary>Reads objects of JSON into tables of settings.</summary>
/// <param name="faults">Where it is told that a setting is given twice.</param>
internal sealed class JsonTree(FaultList faults)
{
    /// <summary>Reads an object.</summary>
    /// <param name="settings">The object.</param>
    /// <param name="within">What comes before its keys, of the objects that it is in: <c>host.</c>.</param>
    internal ConfigTable Read(JsonElement settings, string within = "")
    {
        var table = new ConfigTable(0);
        foreach (JsonProperty member in settings.EnumerateObject())
        {
            string name = TextOf(() => member.Name) ?? "?";
            if (!table.Values.TryAdd(name, new ConfigValue(0, DataOf(member.Value, $"{within}{name}."))))
            {
                faults.Tell(0, within + Printable.Name(name), "is given twice");
            }
        }

        return table;
    }

    /// <summary>What an element is, in words.</summary>
    internal string Describe(JsonElement element) => faults.Describe(DataOf(element, ""));

    private object? DataOf(JsonElement value, string within) => value.ValueKind switch
    {
        JsonValueKind.Object => Read(value, within),
        JsonValueKind.Array => value.EnumerateArray().Select(item => new ConfigValue(0, DataOf(item, within))).ToList(),
        JsonValueKind.String => TextOf(value.GetString) ?? (object)new Other("a text that is no Unicode"),
        JsonValueKind.Number => value.TryGetInt64(out long number) ? number
            : new Other(Printable.Name(value.GetRawText())),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    // Half a surrogate, or bytes that are no UTF-8, show when the text is asked for.
    private static string? TextOf(Func<string?> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    // What is no setting's value; told as it says.
    private sealed record Other(string Words)
    {
        public override string ToString() => Words;
    }
}
