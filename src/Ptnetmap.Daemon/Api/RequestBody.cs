using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Ptnetmap.Daemon.Configuration;

namespace Ptnetmap.Daemon.Api;

/// <summary>Reads settings from requests. What is wrong with them is told as the configuration's reader tells it: by
/// key, what was expected and what is there, and all of it at once.</summary>
internal static class RequestBody
{
    /// <summary>Reads a body.</summary>
    /// <param name="http">The request.</param>
    /// <param name="table">The settings that it may have.</param>
    /// <param name="rules">What they may be together.</param>
    /// <exception cref="RefusalException">There is none, it is no JSON, or settings are wrong.</exception>
    internal static async Task<T> Read<T>(HttpContext http, SettingTable<T> table, Func<T, IEnumerable<Fault>> rules)
        where T : class, new() =>
        await ReadIfAny(http, table, rules) ?? throw Refusal("the body is empty; expected a JSON object with settings");

    /// <summary>Reads a body; null when there is none.</summary>
    /// <inheritdoc cref="Read"/>
    internal static async Task<T?> ReadIfAny<T>(HttpContext http, SettingTable<T> table,
        Func<T, IEnumerable<Fault>> rules)
        where T : class, new()
    {
        var faults = new FaultList();
        T? settings = await ReadObject(http, faults) is { } body ? new Section("", body, faults).Read(table, rules)
            : null;
        faults.ThrowIfAny();
        return settings;
    }

    /// <summary>For what has no settings: a body, if there is one, has none.</summary>
    /// <exception cref="RefusalException">It is no JSON, or has one.</exception>
    internal static async Task RequireNoSetting(HttpContext http)
    {
        var faults = new FaultList();
        if (await ReadObject(http, faults) is { } body)
        {
            new Section("", body, faults).Finish([]);
        }

        faults.ThrowIfAny();
    }

    private static async Task<ConfigTable?> ReadObject(HttpContext http, FaultList faults)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        if (body.Length == 0)
        {
            return null;
        }

        using JsonDocument document = Parse(body.ToArray());
        var tree = new JsonTree(faults);
        return document.RootElement.ValueKind == JsonValueKind.Object
            ? tree.Read(document.RootElement)
            : throw Refusal($"the body is {tree.Describe(document.RootElement)}; expected a JSON object with settings");
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
            throw Refusal("the body is no JSON: line " +
                $"{wrong.LineNumber + 1}, byte {wrong.BytePositionInLine + 1}: {reason}");
        }
    }

    private static RefusalException Refusal(string detail) => new(RefusalKind.Invalid, detail);
}
