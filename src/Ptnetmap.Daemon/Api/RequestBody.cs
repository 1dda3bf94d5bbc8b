using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Linux;

namespace Ptnetmap.Daemon.Api;

/// <summary>Reads settings from requests. What is wrong with a body is told as the configuration's reader tells it: by key,
/// what was expected and what is there, and all of it at once.</summary>
internal static class RequestBody
{
    /// <summary>Reads a body.</summary>
    /// <exception cref="RefusalException">There is none, it is no JSON, or a setting is unknown or of the wrong type.</exception>
    internal static async Task<T> Read<T>(HttpContext http, JsonTypeInfo<T> type)
        where T : class =>
        await ReadIfAny(http, type) ?? throw Refusal("the body is empty; expected a JSON object with settings");

    /// <summary>Reads a body; null when there is none.</summary>
    /// <exception cref="RefusalException">It is no JSON, or a setting is unknown or of the wrong type.</exception>
    internal static async Task<T?> ReadIfAny<T>(HttpContext http, JsonTypeInfo<T> type)
        where T : class
    {
        using JsonDocument? document = await ReadObject(http);
        if (document is null)
        {
            return null;
        }

        JsonElement root = document.RootElement;
        Fault[] faults = [.. FaultsOf(root, type, ""), .. Missing(root, type)];
        return faults.Length > 0 ? throw new RefusalException(faults) : root.Deserialize(type);
    }

    /// <summary>For what has no settings: a body, if there is one, has none.</summary>
    /// <exception cref="RefusalException">It is no JSON, or has one.</exception>
    internal static async Task RequireNoSetting(HttpContext http)
    {
        using JsonDocument? document = await ReadObject(http);
        Fault[] faults = document is null ? []
            : [.. document.RootElement.EnumerateObject().Select(member => Unknown(TextOf(() => member.Name) ?? "?", []))];
        if (faults.Length > 0)
        {
            throw new RefusalException(faults);
        }
    }

    /// <summary>What to say of a key that there is not.</summary>
    internal static Fault Unknown(string key, IEnumerable<string> known) =>
        new(Printable.Name(key), known.Any() ? $"there is no such setting; there are {string.Join(", ", known)}" : "there is no such setting; there are none");

    private static async Task<JsonDocument?> ReadObject(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        if (body.Length == 0)
        {
            return null;
        }

        JsonDocument document = Parse(body.ToArray());
        if (document.RootElement.ValueKind == JsonValueKind.Object)
        {
            return document;
        }

        string kind = KindOf(document.RootElement);
        document.Dispose();
        throw Refusal($"the body is {kind}; expected a JSON object with settings");
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException wrong)
        {
            // The parser counts from 0, and says so at the end of its text.
            string reason = wrong.Message.Split(" LineNumber:")[0].Split(" which is not supported in this mode")[0];
            throw Refusal($"the body is no JSON: line {wrong.LineNumber + 1}, byte {wrong.BytePositionInLine + 1}: {reason}");
        }
    }

    // What a thing is called, what a bridge connects, and what is put on which switch has no usual value.
    private static bool IsRequired(string key) => key is "name" or "left" or "right" or "switch" or "port";

    // A mistyped key is told as such, and is most likely the one that is missing.
    private static IEnumerable<Fault> Missing(JsonElement settings, JsonTypeInfo type) => type.Properties
        .Where(property => IsRequired(property.Name)
            && !settings.EnumerateObject().Any(member => NearbyWords.AreNear(TextOf(() => member.Name) ?? "", property.Name)))
        .Select(property => new Fault(property.Name, $"is required; expected {Expected(typeof(string), property.Name)}"));

    private static IEnumerable<Fault> FaultsOf(JsonElement settings, JsonTypeInfo type, string prefix)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty member in settings.EnumerateObject())
        {
            string? name = TextOf(() => member.Name);
            JsonPropertyInfo? property = type.Properties.FirstOrDefault(other => string.Equals(other.Name, name, StringComparison.Ordinal));
            if (name is null || property is null)
            {
                yield return Unknown(prefix + (name ?? "?"), type.Properties.Select(other => other.Name));
            }
            else if (!seen.Add(name))
            {
                yield return new Fault(prefix + name, "is given twice");
            }
            else
            {
                foreach (Fault fault in FaultsOf(member.Value, property, type, prefix + name))
                {
                    yield return fault;
                }
            }
        }
    }

    private static IEnumerable<Fault> FaultsOf(JsonElement value, JsonPropertyInfo property, JsonTypeInfo owner, string key)
    {
        Type wanted = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (value.ValueKind == JsonValueKind.Null)
        {
            return property.IsSetNullable || wanted != property.PropertyType
                ? []
                : [new Fault(key, $"expected {Expected(wanted, key)}, found null; {(IsRequired(key) ? "it is required" : "leave it out for the usual value")}")];
        }

        bool fits = Type.GetTypeCode(wanted) switch
        {
            TypeCode.String => value.ValueKind == JsonValueKind.String && TextOf(value.GetString) is not null,
            TypeCode.Boolean => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            TypeCode.Int32 => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out _),
            TypeCode.Int64 => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
            _ => value.ValueKind == JsonValueKind.Object,
        };
        return !fits ? [new Fault(key, $"expected {Expected(wanted, key)}, found {KindOf(value)}")]
            : value.ValueKind == JsonValueKind.Object ? FaultsOf(value, owner.Options.GetTypeInfo(wanted), $"{key}.")
            : [];
    }

    private static string Expected(Type type, string key) => Type.GetTypeCode(type) switch
    {
        TypeCode.String => "a text",
        TypeCode.Boolean => "true or false",
        TypeCode.Int32 or TypeCode.Int64 => SettingLimits.Of(key).ToString(),
        _ => "an object",
    };

    private static string KindOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String when TextOf(value.GetString) is not { } text => "a text that is no Unicode",
        JsonValueKind.String => $"the text '{Printable.Name(TextOf(value.GetString)!)}'",
        JsonValueKind.Number => Printable.Name(value.GetRawText()),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => "null",
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

    private static RefusalException Refusal(string detail) => new(RefusalKind.Invalid, detail);
}
