using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Ptnetmap.Daemon.Configuration;

namespace Ptnetmap.Daemon.Api;

/// <summary>Describes what is answered, by what is known of it at compile time to write it as JSON.</summary>
/// <param name="options">How it is written.</param>
/// <param name="components">Where schemas of types go.</param>
internal sealed class ReportSchemas(JsonSerializerOptions options, JsonObject components)
{
    private const string Suffix = "Report";

    /// <summary>The schema of a type.</summary>
    internal JsonObject Of(Type type)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        switch (Type.GetTypeCode(plain))
        {
            case TypeCode.String:
                return JsonSchema.Of("string");
            case TypeCode.Boolean:
                return JsonSchema.Of("boolean");
            case TypeCode.Double:
                return JsonSchema.Of("number", ("format", "double"));
            case TypeCode.Object:
                JsonTypeInfo info = options.GetTypeInfo(plain);
                return info.Kind switch
                {
                    JsonTypeInfoKind.Enumerable =>
                        JsonSchema.Of("array", ("items", Of(plain.GenericTypeArguments[^1]))),
                    JsonTypeInfoKind.Dictionary =>
                        JsonSchema.Of("object", ("additionalProperties", Of(plain.GenericTypeArguments[^1]))),
                    _ => OfObject(info),
                };
            default:
                return JsonSchema.Of("integer", ("format", "int64"));
        }
    }

    private JsonObject OfObject(JsonTypeInfo info)
    {
        string name = info.Type.Name.EndsWith(Suffix, StringComparison.Ordinal) ? info.Type.Name[..^Suffix.Length]
            : info.Type.Name;
        if (!components.ContainsKey(name))
        {
            var properties = new JsonObject();
            components.Add(name, JsonSchema.Of("object", ("properties", properties),
                ("required", JsonSchema.ListOf(AlwaysThere(info)))));
            foreach (JsonPropertyInfo property in info.Properties)
            {
                properties.Add(property.Name, OfProperty(property));
            }
        }

        return JsonSchema.Reference(name);
    }

    // What is null is left out.
    private static IEnumerable<string> AlwaysThere(JsonTypeInfo info) => info.Properties
        .Where(property => !property.IsGetNullable && Nullable.GetUnderlyingType(property.PropertyType) is null)
        .Select(property => property.Name);

    private JsonObject OfProperty(JsonPropertyInfo property)
    {
        JsonObject schema = Of(property.PropertyType);
        if (property.AttributeProvider?.GetCustomAttributes(typeof(SchemaAttribute),
            inherit: false) is [SchemaAttribute more])
        {
            if (JsonSchema.ListOf(more.Words) is { } words)
            {
                (schema["items"] ?? schema).AsObject().Add("enum", words);
            }

            if (more.Help.Length > 0)
            {
                schema.Add("description", more.Help);
            }
        }

        return schema;
    }
}
