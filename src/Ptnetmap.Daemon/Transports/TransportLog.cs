using Microsoft.Extensions.Logging;

namespace Ptnetmap.Daemon.Transports;

/// <summary>What transports say.</summary>
public static partial class TransportLog
{
    /// <summary>A guest has come.</summary>
    [LoggerMessage(EventId = 10, Level = LogLevel.Information, Message = "port {Port}: guest attached ({Transport})")]
    public static partial void Attached(ILogger log, string port, string transport);

    /// <summary>A guest has gone.</summary>
    [LoggerMessage(EventId = 11, Level = LogLevel.Information, Message = "port {Port}: guest detached ({Transport})")]
    public static partial void Detached(ILogger log, string port, string transport);
}
