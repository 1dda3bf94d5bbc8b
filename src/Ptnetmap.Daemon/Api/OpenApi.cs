using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ptnetmap.Daemon.Configuration;

namespace Ptnetmap.Daemon.Api;

/// <summary>The API's own description (OpenAPI 3.0), made of what it is made of: routes, tables of settings, types of
/// reports.</summary>
internal sealed class OpenApi
{
    private readonly JsonObject _components = [];
    private readonly ReportSchemas _reports;

    private OpenApi() => _reports = new ReportSchemas(ApiJson.Plain.Options, _components);

    /// <summary>The document.</summary>
    internal static byte[] Describe(IEnumerable<ApiRoute> routes)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text,
            new JsonWriterOptions { Encoder = ApiJson.Plain.Options.Encoder, Indented = true }))
        {
            new OpenApi().Make(routes).WriteTo(json);
        }

        return text.WrittenSpan.ToArray();
    }

    private JsonObject Make(IEnumerable<ApiRoute> routes)
    {
        var paths = new JsonObject();
        foreach (IGrouping<string, ApiRoute> path in routes.GroupBy(route => route.Path, StringComparer.Ordinal))
        {
            paths.Add(path.Key, new JsonObject(path.Select(
                route => KeyValuePair.Create<string, JsonNode?>(route.Method.ToLowerInvariant(), Operation(route)))));
        }

        foreach (ISettingTable table in SettingTables.OfApi)
        {
            _components.Add(table.Name, SchemaOf(table));
        }

        return new JsonObject
        {
            ["openapi"] = "3.0.3",
            ["info"] = new JsonObject
            {
                ["title"] = "ptnet",
                ["version"] = "1",
                ["description"] = "The control side of ptnetmap, on the unix socket control.sock of the run directory.",
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "http://ptnet" }),
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = _components },
        };
    }

    private static JsonObject SchemaOf(ISettingTable table)
    {
        var properties = new JsonObject();
        foreach (Setting setting in table.All)
        {
            // Beside a reference nothing else is read.
            JsonObject schema = setting.Schema;
            if (!schema.ContainsKey("$ref"))
            {
                schema.Add("description", setting.Help);
            }

            properties.Add(setting.Name, schema);
        }

        IEnumerable<string> required = table.All.Where(setting => setting.IsRequired).Select(setting => setting.Name);
        return JsonSchema.Of("object", ("properties", properties), ("required", JsonSchema.ListOf(required)),
            ("additionalProperties", false));
    }

    private static JsonObject ContentOf(string content, JsonObject schema) =>
        new() { [content] = new JsonObject { ["schema"] = schema } };

    private static JsonObject Parameter(string name, string place, bool isRequired, string? help, JsonObject schema)
    {
        var parameter = new JsonObject
        {
            ["name"] = name,
            ["in"] = place,
            ["required"] = isRequired,
            ["schema"] = schema,
        };
        if (help is not null)
        {
            parameter.Add("description", help);
        }

        return parameter;
    }

    private JsonObject Operation(ApiRoute route)
    {
        var operation = new JsonObject { ["summary"] = route.Summary, ["responses"] = Responses(route.Done) };
        var parameters = new JsonArray();
        if (route.Path.Contains("{name}", StringComparison.Ordinal))
        {
            parameters.Add((JsonNode)Parameter("name", "path", isRequired: true, help: null, JsonSchema.Of("string")));
        }

        foreach (ApiParameter query in route.Query)
        {
            parameters.Add((JsonNode)Parameter(query.Name, "query", query.IsRequired, query.Help,
                query.Schema.DeepClone().AsObject()));
        }

        if (parameters.Count > 0)
        {
            operation.Add("parameters", parameters);
        }

        if (route.Body is { } body)
        {
            operation.Add("requestBody", new JsonObject
            {
                ["required"] = !route.IsBodyOptional,
                ["content"] = ContentOf("application/json", JsonSchema.Reference(body.Name)),
            });
        }

        return operation;
    }

    private JsonObject Responses(ApiResult done)
    {
        var answered = new JsonObject { ["description"] = done.Text };
        if (done.Content is { } content)
        {
            JsonObject schema = done.Type is { } type ? _reports.Of(type.Type)
                : JsonSchema.Of(content is "application/json" ? "object" : "string");
            answered.Add("content", ContentOf(content, schema));
        }

        return new JsonObject
        {
            [$"{done.Status}"] = answered,
            ["default"] = new JsonObject
            {
                ["description"] = "Refused, with the reason and what to do instead",
                ["content"] = ContentOf("application/problem+json", _reports.Of(typeof(Problem))),
            },
        };
    }
}
