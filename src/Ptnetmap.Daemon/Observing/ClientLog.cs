using Microsoft.Extensions.Logging;

namespace Ptnetmap.Daemon.Observing;

/// <summary>What is said about the clients of devices.</summary>
internal static partial class ClientLog
{
    [LoggerMessage(EventId = 21, Level = LogLevel.Information, Message = "port {Port}: a client has connected to its {Device} device ({PassedOver} lines left out)")]
    internal static partial void Connected(ILogger log, string port, string device, long passedOver);

    [LoggerMessage(EventId = 22, Level = LogLevel.Information, Message = "port {Port}: the client of its {Device} device is gone: {Reason} ({PassedOver} lines left out)")]
    internal static partial void Disconnected(ILogger log, string port, string device, string reason, long passedOver);

    [LoggerMessage(EventId = 23, Level = LogLevel.Warning, Message = "port {Port}: refused to the client of its {Device} device: {What}; {Total} in all ({PassedOver} lines left out)")]
    internal static partial void Refused(ILogger log, string port, string device, string what, long total, long passedOver);
}
