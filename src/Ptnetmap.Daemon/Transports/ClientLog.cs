using Microsoft.Extensions.Logging;

namespace Ptnetmap.Daemon.Transports;

/// <summary>What is said about the clients of devices.</summary>
internal static partial class ClientLog
{
    [LoggerMessage(EventId = 21, Level = LogLevel.Information,
        Message = "port {Port}: a client has connected to its {Device} device (lines left out: {PassedOver})")]
    internal static partial void Connected(ILogger log, string port, string device, long passedOver);

    [LoggerMessage(EventId = 22, Level = LogLevel.Information,
        Message = "port {Port}: the client of its {Device} device is gone: {Reason} (lines left out: {PassedOver})")]
    internal static partial void Disconnected(ILogger log, string port, string device, string reason, long passedOver);

    [LoggerMessage(EventId = 28, Level = LogLevel.Warning, Message = "port {Port}: the client of its {Device} " +
        "device is lost: {Reason}; QEMU does not reconnect: end this VM and start it anew")]
    internal static partial void GaveUp(ILogger log, string port, string device, string reason);

    [LoggerMessage(EventId = 25, Level = LogLevel.Error,
        Message = "no VM can connect for now: {Reason}; tried again four times a second")]
    internal static partial void Starved(ILogger log, string reason);

    [LoggerMessage(EventId = 26, Level = LogLevel.Information, Message = "VMs can connect again")]
    internal static partial void Fed(ILogger log);

    [LoggerMessage(EventId = 23, Level = LogLevel.Warning, Message = "port {Port}: refused to the client of its " +
        "{Device} device: {What}; {Total} in all (lines left out: {PassedOver})")]
    internal static partial void Refused(ILogger log, string port, string device, string what, long total,
        long passedOver);
}
