using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Ptnetmap.Daemon.Configuration;

namespace Ptnetmap.Daemon.Service;

/// <summary>The daemon's log, on standard error: for people, as JSON, or with systemd's priorities.</summary>
public static class LogSetup
{
    /// <summary>Makes it as the settings say.</summary>
    public static ILoggerFactory Create(DaemonSettings settings) => LoggerFactory.Create(logging =>
    {
        logging.SetMinimumLevel(settings.LogLevel switch
        {
            "debug" => LogLevel.Debug,
            "warning" => LogLevel.Warning,
            "error" => LogLevel.Error,
            _ => LogLevel.Information,
        });

        // The web server's own lines say nothing that our answers do not.
        logging.AddFilter("Microsoft", LogLevel.Warning);

        // Why the API does not start is told once, in one line and by us.
        logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        // The device thread logs as well, and must not wait for whoever reads: lines that find no room are left out.
        logging.AddConsole(console =>
        {
            console.LogToStandardErrorThreshold = LogLevel.Trace;
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
        });
        _ = settings.Log switch
        {
            "json" => logging.AddLines(new JsonLines()),
            "systemd" => logging.AddLines(new PrintedLines(PrintedLines.ForSystemd, isForSystemd: true)),
            _ => logging.AddLines(new PrintedLines(PrintedLines.ForPeople, isForSystemd: false)),
        };
    });

    // Without the options that the usual way binds by reflection.
    private static ILoggingBuilder AddLines(this ILoggingBuilder logging, ConsoleFormatter lines)
    {
        _ = logging.Services.AddSingleton(lines);
        return logging.AddConsole(console => console.FormatterName = lines.Name);
    }
}
