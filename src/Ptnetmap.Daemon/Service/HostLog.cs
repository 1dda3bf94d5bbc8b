using Microsoft.Extensions.Logging;

namespace Ptnetmap.Daemon.Service;

/// <summary>What the daemon says of itself.</summary>
internal static partial class HostLog
{
    [LoggerMessage(EventId = 40, Level = LogLevel.Information,
        Message = "ready: API on {Socket}, {Workers}, policy {Policy}")]
    internal static partial void Ready(ILogger log, string socket, string workers, string policy);

    [LoggerMessage(EventId = 41, Level = LogLevel.Warning,
        Message = "run directory {Directory}: a daemon (process {Process}) died here; its files are replaced")]
    internal static partial void Replaced(ILogger log, string directory, int process);

    [LoggerMessage(EventId = 42, Level = LogLevel.Information,
        Message = "stopping; garbage collections: {Collections}, which took {Milliseconds:f1} ms in all")]
    internal static partial void Stopping(ILogger log, int collections, double milliseconds);

    [LoggerMessage(EventId = 43, Level = LogLevel.Error, Message = "at the end, {What} could not be taken down: {Why}")]
    internal static partial void NotTakenDown(ILogger log, string what, string why);

    [LoggerMessage(EventId = 44, Level = LogLevel.Critical, Message = "{Failure}")]
    internal static partial void Failed(ILogger log, string failure);

    [LoggerMessage(EventId = 45, Level = LogLevel.Warning,
        Message = "{Signal} does nothing here; the daemon goes on (SIGTERM ends it)")]
    internal static partial void Ignored(ILogger log, string signal);
}
