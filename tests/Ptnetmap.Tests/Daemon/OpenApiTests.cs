using System.Text.Json;
using Ptnetmap.Daemon.Api;

namespace Ptnetmap.Tests.Daemon;

/// <summary>The API's description is a sound document, and what is answered is as it says.</summary>
public sealed class OpenApiTests : IDisposable
{
    private static readonly JsonElement Document = JsonElement.Parse(ApiRoutes.OpenApiDocument);

    private readonly TemporaryFolder _folder = new();

    private static JsonElement Schemas => Document.GetProperty("components").GetProperty("schemas");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void References_lead_somewhere_and_every_schema_is_referred_to()
    {
        string[] references = [.. Everything(Document).Where(part => part.Name == "$ref").Select(part =>
            part.Value.GetString()!).Distinct()];

        Assert.Equal(
            Schemas.EnumerateObject().Select(schema =>
                $"#/components/schemas/{schema.Name}").Order(StringComparer.Ordinal),
            references.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_is_required_is_described()
    {
        foreach (JsonProperty schema in Schemas.EnumerateObject())
        {
            Assert.All(Required(schema.Value),
                name => Assert.True(schema.Value.GetProperty("properties").TryGetProperty(name, out _), name));
        }
    }

    [Fact]
    public void Operations_have_a_summary_their_parameters_and_answers_with_a_description()
    {
        foreach (JsonProperty path in Document.GetProperty("paths").EnumerateObject())
        {
            foreach (JsonProperty operation in path.Value.EnumerateObject())
            {
                Assert.NotEmpty(operation.Value.GetProperty("summary").GetString()!);
                Assert.All(operation.Value.GetProperty("responses").EnumerateObject(), response =>
                    Assert.NotEmpty(response.Value.GetProperty("description").GetString()!));
                JsonElement[] parameters = operation.Value.TryGetProperty("parameters", out JsonElement all)
                    ? [.. all.EnumerateArray()] : [];
                Assert.Equal(
                    path.Name.Contains("{name}", StringComparison.Ordinal),
                    parameters.Any(parameter => parameter.GetProperty("in").GetString() == "path"
                        && parameter.GetProperty("name").GetString() == "name"));
                Assert.All(parameters, parameter => Assert.True(parameter.TryGetProperty("schema", out _)));
            }
        }
    }

    [Fact]
    public void A_setting_is_described_with_its_limits_words_default_and_help()
    {
        JsonElement slots = Schemas.GetProperty("PipeSettings").GetProperty("properties").GetProperty("slots");
        JsonElement mode = Schemas.GetProperty("HostSettings").GetProperty("properties").GetProperty("mode");

        Assert.Equal(
            ("integer", 64, 16384, 1024, "Slots a ring."),
            (slots.GetProperty("type").GetString(), slots.GetProperty("minimum").GetInt32(),
                slots.GetProperty("maximum").GetInt32(),
                slots.GetProperty("default").GetInt32(), slots.GetProperty("description").GetString()));
        Assert.Equal(
            ["auto", "zero-copy", "copy", "generic"],
                mode.GetProperty("enum").EnumerateArray().Select(word => word.GetString()));
        Assert.Equal("auto", mode.GetProperty("default").GetString());
    }

    [Fact]
    public async Task What_is_answered_is_as_it_is_described()
    {
        File.WriteAllBytes(_folder["in"], CaptureOf());
        await using DaemonBed bed = await DaemonBed.Start();
        await Make(bed, "/v1/ports", """{"name":"vale0:a","slots":64}""");
        await Make(bed, "/v1/ports", """{"name":"vale0:t","slots":64,"guest":{"program":"receive","verify":true}}""");
        await Make(bed, "/v1/pipes", """{"name":"p{1","slots":64}""");
        await Make(bed, "/v1/bridges", """{"left":"vale1:a","right":"vale2:a","slots":64}""");
        await Make(bed, "/v1/attachments", $$"""{"switch":"vale0","port":"pcap:{{_folder["in"]}},-","slots":64}""");
        var names = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["domains"] = "p%7B1",
            ["switches"] = "vale0",
            ["ports"] = "vale0:t",
            ["pipes"] = "p%7B1",
            ["bridges"] = "vale1:a",
            ["attachments"] = Uri.EscapeDataString($"pcap:{_folder["in"]},-"),
            ["stats"] = "vale0:a",
        };

        foreach (ApiRoute route in ApiRoutes.All.Where(route => route is { Method: "GET", Done.Type: not null }))
        {
            string path = route.Path.Replace("{name}", names.GetValueOrDefault(route.Path.Split('/')[2], ""),
                StringComparison.Ordinal);
            string query = route.Query.Any(parameter => parameter.IsRequired) ? "?port=vale0:a" : "";
            JsonElement described = Document.GetProperty("paths").GetProperty(route.Path).GetProperty("get")
                .GetProperty("responses")
                .GetProperty("200").GetProperty("content").GetProperty("application/json").GetProperty("schema");

            AssertIsAs(described, await bed.Get(path + query), path);
        }

        (_, JsonElement problem) = await bed.Post("/v1/ports", """{"name":3,"slots":1}""");
        Assert.Equal(2, problem.GetProperty("errors").GetArrayLength());
        AssertIsAs(Schemas.GetProperty("Problem"), problem, "problem");
    }

    private static async Task Make(DaemonBed bed, string path, string settings)
    {
        (int status, JsonElement made) = await bed.Post(path, settings);
        Assert.True(status == 201, $"{path}: {made}");
    }

    // A file of a capture without a packet (pcap, Ethernet).
    private static byte[] CaptureOf() =>
        [0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 1, 0, 0, 0];

    private static IEnumerable<string> Required(JsonElement schema) =>
        schema.TryGetProperty("required", out JsonElement required)
            ? required.EnumerateArray().Select(name => name.GetString()!) : [];

    private static IEnumerable<JsonProperty> Everything(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(part => Everything(part.Value).Prepend(part)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Everything),
        _ => [],
    };

    private static void AssertIsAs(JsonElement schema, JsonElement value, string where)
    {
        if (schema.TryGetProperty("$ref", out JsonElement reference))
        {
            schema = Schemas.GetProperty(reference.GetString()!.Split('/')[^1]);
        }

        string type = schema.GetProperty("type").GetString()!;
        Assert.True(type == TypeOf(value) || (type, TypeOf(value)) == ("number", "integer"),
            $"{where} is no {type}: {value}");
        if (schema.TryGetProperty("enum", out JsonElement words))
        {
            Assert.Contains(value.GetString(), words.EnumerateArray().Select(word => word.GetString()));
        }

        foreach (JsonElement item in value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().ToArray() : [])
        {
            AssertIsAs(schema.GetProperty("items"), item, $"{where}[]");
        }

        Assert.All(Required(schema), name => Assert.True(value.TryGetProperty(name, out _), $"{where} has no {name}"));
        foreach (JsonProperty member in value.ValueKind == JsonValueKind.Object ? value.EnumerateObject().ToArray()
            : [])
        {
            JsonElement described = schema.TryGetProperty("additionalProperties", out JsonElement any) ? any
                : schema.GetProperty("properties").TryGetProperty(member.Name, out JsonElement known) ? known : default;
            Assert.True(described.ValueKind == JsonValueKind.Object, $"{where}.{member.Name} is not described");
            AssertIsAs(described, member.Value, $"{where}.{member.Name}");
        }
    }

    private static string TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Number => value.TryGetInt64(out _) ? "integer" : "number",
        _ => "null",
    };
}
