using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Ptnetmap.Linux;

namespace Ptnetmap.Daemon.Service;

/// <summary>A line of JSON for each line of the log, the last one before a failed end included, all with the same
/// fields:
/// <code>
/// {"Timestamp":"2026-01-31T12:00:00.1234567Z","EventId":6,"LogLevel":"Warning","Category":"ptnet",
///  "Message":"...","Exception":null,"State":{...}}
/// </code>
/// The time is UTC, by ISO 8601, with all digits that the clock has (100 ns).</summary>
public sealed class JsonLines() : ConsoleFormatter(FormatName)
{
    /// <summary>What it is chosen by.</summary>
    public const string FormatName = "ptnet-json";

    // For a log and not for a page: quotes and umlauts stay readable.
    private static readonly JsonWriterOptions Options =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Tells the time; the system's, but for tests.</summary>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <inheritdoc/>
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider,
        TextWriter textWriter)
    {
        using var line = new MemoryStream();
        using (var json = new Utf8JsonWriter(line, Options))
        {
            json.WriteStartObject();
            json.WriteString("Timestamp", Clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'",
                CultureInfo.InvariantCulture));
            json.WriteNumber("EventId", logEntry.EventId.Id);
            json.WriteString("LogLevel", logEntry.LogLevel.ToString());
            json.WriteString("Category", logEntry.Category);
            json.WriteString("Message", logEntry.Formatter(logEntry.State, logEntry.Exception));
            json.WriteString("Exception", logEntry.Exception?.ToString());
            WriteState(json, logEntry.State as IReadOnlyList<KeyValuePair<string, object?>> ?? []);
            json.WriteEndObject();
        }

        // The writer escapes what JSON has to; the rest that does not print is spelled as JSON has it, too.
        textWriter.WriteLine(Printable.Line(Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length)));
    }

    // What the message was made of, by name; as text, but for numbers.
    private static void WriteState(Utf8JsonWriter json, IReadOnlyList<KeyValuePair<string, object?>> values)
    {
        json.WriteStartObject("State");
        foreach ((string name, object? value) in values.Where(value => value.Key is not "{OriginalFormat}"))
        {
            switch (value)
            {
                case null:
                    json.WriteNull(name);
                    break;
                case int or long or uint or ulong or short or ushort or byte:
                    json.WriteNumber(name, Convert.ToDecimal(value, CultureInfo.InvariantCulture));
                    break;
                case double number when double.IsFinite(number):
                    json.WriteNumber(name, number);
                    break;
                default:
                    json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
                    break;
            }
        }

        json.WriteEndObject();
    }
}
