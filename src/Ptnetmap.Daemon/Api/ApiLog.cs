using Microsoft.Extensions.Logging;

namespace Ptnetmap.Daemon.Api;

/// <summary>What the API says.</summary>
internal static partial class ApiLog
{
    [LoggerMessage(EventId = 30, Level = LogLevel.Information,
        Message = "{Method} {Path}: refused with {Status}: {Detail} (more since the last line: {PassedOver})")]
    internal static partial void Refused(ILogger log, string method, string path, int status, string detail,
        long passedOver);

    [LoggerMessage(EventId = 31, Level = LogLevel.Error,
        Message = "{Method} {Path}: failed (more since the last line: {PassedOver})")]
    internal static partial void Failed(ILogger log, Exception failure, string method, string path, long passedOver);

    [LoggerMessage(EventId = 32, Level = LogLevel.Error,
        Message = "{Socket}: no client of the API can connect for now: {Reason}; tried again four times a second")]
    internal static partial void Starved(ILogger log, string socket, string reason);

    [LoggerMessage(EventId = 34, Level = LogLevel.Warning, Message = "{Socket}: {Most} clients of the API are " +
        "connected, as many as there may be; others are turned away until one of them goes")]
    internal static partial void Full(ILogger log, string socket, int most);

    [LoggerMessage(EventId = 33, Level = LogLevel.Information, Message = "clients of the API can connect again")]
    internal static partial void Fed(ILogger log);
}
