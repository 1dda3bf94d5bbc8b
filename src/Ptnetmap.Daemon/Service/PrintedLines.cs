using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Ptnetmap.Linux;

namespace Ptnetmap.Daemon.Service;

/// <summary>A line of text for each line of the log, without colours: what clients, files and the kernel call things is
/// in it, and is printed so that no terminal and no reader of the log takes it for more than text.
/// <code>
/// 2026-01-31T12:00:00.123Z info: ptnet[6] ...            for people
/// &lt;6&gt;ptnet[6] ...                                        for systemd, with the priorities of syslog
/// </code></summary>
/// <param name="name">What it is chosen by.</param>
/// <param name="isForSystemd">With priorities in place of time and level.</param>
internal sealed class PrintedLines(string name, bool isForSystemd) : ConsoleFormatter(name)
{
    /// <summary>What the one for people is chosen by.</summary>
    internal const string ForPeople = "ptnet-text";

    /// <summary>What the one for systemd is chosen by.</summary>
    internal const string ForSystemd = "ptnet-systemd";

    /// <summary>Tells the time; the system's, but for tests.</summary>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider,
        TextWriter textWriter)
    {
        string message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        string text = logEntry.Exception is { } failure ? $"{message} {failure}" : message;
        string head = isForSystemd
            ? $"<{PriorityOf(logEntry.LogLevel)}>"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{Clock.GetUtcNow().UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {NameOf(logEntry.LogLevel)}: ");
        textWriter.WriteLine(
            $"{head}{logEntry.Category}[{logEntry.EventId.Id}] {Printable.Line(text.Replace('\n', ' '))}");
    }

    private static int PriorityOf(LogLevel level) => level switch
    {
        LogLevel.Critical => 2,
        LogLevel.Error => 3,
        LogLevel.Warning => 4,
        LogLevel.Information => 6,
        _ => 7,
    };

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Critical => "crit",
        LogLevel.Error => "fail",
        LogLevel.Warning => "warn",
        LogLevel.Information => "info",
        LogLevel.Debug => "dbug",
        _ => "trce",
    };
}
