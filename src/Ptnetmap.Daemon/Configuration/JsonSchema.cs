using System.Text.Json.Nodes;

namespace Ptnetmap.Daemon.Configuration;

/// <summary>Makes schemas of JSON, as OpenAPI has them.</summary>
internal static class JsonSchema
{
    /// <summary>A schema of a type.</summary>
    /// <param name="type">The type: <c>integer</c>.</param>
    /// <param name="more">What else is said of it; null: nothing.</param>
    internal static JsonObject Of(string type, params ReadOnlySpan<(string Key, JsonNode? Value)> more)
    {
        var schema = new JsonObject { ["type"] = type };
        foreach ((string key, JsonNode? value) in more)
        {
            if (value is not null)
            {
                schema.Add(key, value);
            }
        }

        return schema;
    }

    /// <summary>A list of texts; null for none.</summary>
    internal static JsonArray? ListOf(IEnumerable<string> texts) =>
        texts.Any() ? new JsonArray([.. texts.Select(text => (JsonNode)text)]) : null;

    /// <summary>A schema that is described by its name.</summary>
    internal static JsonObject Reference(string name) => new() { ["$ref"] = $"#/components/schemas/{name}" };
}
