using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Ptnetmap.Daemon.Service;

namespace Ptnetmap.Tests.Daemon;

public sealed class JsonLinesTests
{
    private sealed class FixedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() =>
            new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero).AddTicks(1_234_567);
    }

    [Fact]
    public void Each_line_has_the_same_fields_and_a_time_with_all_its_digits()
    {
        JsonElement plain = Line(LogLevel.Information, [new("Port", "vale0:a"), new("Count", 3L)], null);
        JsonElement fatal = Line(LogLevel.Critical, [], new IOException("gone\nfor good"));

        Assert.Equal(plain.EnumerateObject().Select(field => field.Name),
            fatal.EnumerateObject().Select(field => field.Name));
        Assert.Equal("2026-01-31T12:00:00.1234567Z", plain.GetProperty("Timestamp").GetString());
        Assert.Equal(("Information", "ptnet", 7, "said"), (
            plain.GetProperty("LogLevel").GetString(), plain.GetProperty("Category").GetString(),
            plain.GetProperty("EventId").GetInt32(), plain.GetProperty("Message").GetString()));
        Assert.Equal(("vale0:a", 3), (plain.GetProperty("State").GetProperty("Port").GetString(),
            plain.GetProperty("State").GetProperty("Count").GetInt32()));
        Assert.Equal(JsonValueKind.Null, plain.GetProperty("Exception").ValueKind);
        Assert.Contains("gone", fatal.GetProperty("Exception").GetString(), StringComparison.Ordinal);
    }

    private static JsonElement Line(LogLevel level, List<KeyValuePair<string, object?>> state, Exception? failure)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        var entry = new LogEntry<List<KeyValuePair<string, object?>>>(level, "ptnet", new EventId(7), state, failure,
            (_, _) => "said");
        new JsonLines { Clock = new FixedClock() }.Write(entry, null, text);
        string line = text.ToString();
        Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
        return JsonDocument.Parse(line).RootElement;
    }
}
