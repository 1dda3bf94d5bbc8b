using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Ptnetmap.Daemon.Service;

namespace Ptnetmap.Tests.Daemon;

/// <summary>What others call things is text in the log, whatever its form.</summary>
public class PrintedLinesTests
{
    private const string Hostile = "tap:\u001b[2J\u202e\r\nready: all is well";

    [Fact]
    public void A_line_for_people_is_one_line_that_prints()
    {
        string line = Line(new PrintedLines(PrintedLines.ForPeople, isForSystemd: false) { Clock = new FixedClock() },
            LogLevel.Warning, null);

        Assert.Equal("2026-01-31T12:00:00.123Z warn: ptnet[7] tap:\\u001b[2J\\u202e\\u000d ready: all is well\n", line);
    }

    [Theory]
    [InlineData(LogLevel.Critical, "<2>")]
    [InlineData(LogLevel.Error, "<3>")]
    [InlineData(LogLevel.Warning, "<4>")]
    [InlineData(LogLevel.Information, "<6>")]
    [InlineData(LogLevel.Debug, "<7>")]
    public void A_line_for_systemd_begins_with_its_priority(LogLevel level, string priority)
    {
        string line = Line(new PrintedLines(PrintedLines.ForSystemd, isForSystemd: true), level,
            new IOException("gone\nfor\u001b good"));

        Assert.Equal($"{priority}ptnet[7] tap:\\u001b[2J\\u202e\\u000d ready: all is well System.IO.IOException: " +
            "gone for\\u001b good\n", line);
    }

    [Fact]
    public void A_line_for_programs_spells_what_does_not_print_as_JSON_does()
    {
        string line = Line(new JsonLines(), LogLevel.Warning, null);

        Assert.DoesNotContain('\u202e', line);
        Assert.Equal(Hostile, System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("Message").GetString());
    }

    private static string Line(ConsoleFormatter lines, LogLevel level, Exception? failure)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        var entry = new LogEntry<int>(level, "ptnet", new EventId(7), 0, failure, (_, _) => Hostile);
        lines.Write(entry, null, text);
        Assert.Equal(1, text.ToString().Count(c => c == '\n'));
        return text.ToString();
    }

    private sealed class FixedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() =>
            new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero).AddMilliseconds(123);
    }
}
