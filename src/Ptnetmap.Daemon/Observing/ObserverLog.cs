using Microsoft.Extensions.Logging;

namespace Ptnetmap.Daemon.Observing;

/// <summary>What the observer says.</summary>
internal static partial class ObserverLog
{
    [LoggerMessage(EventId = 35, Level = LogLevel.Warning,
        Message = "port {Port}: a guest that is gone misbehaved: {News}; {Total} in all")]
    internal static partial void Misbehaved(ILogger log, string port, string news, long total);

    [LoggerMessage(EventId = 36, Level = LogLevel.Warning, Message = "port {Port}, connected with {Other}: {News}; " +
        "{Total} in all; it has no guest: this came from what is behind {Other}")]
    internal static partial void CameOverBridge(ILogger log, string port, string other, string news, long total);

    [LoggerMessage(EventId = 20, Level = LogLevel.Warning, Message = "port {Port}: its guest ({Transport}) " +
        "misbehaves: {News}; {Total} in all; ptnet port detach {Port} puts an end to it")]
    internal static partial void Misbehaves(ILogger log, string port, string transport, string news, long total);

    // With the exception's trace: it is a fault of ours.
    [LoggerMessage(EventId = 24, Level = LogLevel.Error,
        Message = "{Ring} stands still: {Reason}; detach the port and attach it again (ptnet port detach, attach)")]
    internal static partial void StandsStill(ILogger log, string ring, string reason, Exception? failure);

    [LoggerMessage(EventId = 37, Level = LogLevel.Error, Message = "a look at the guests failed")]
    internal static partial void LookFailed(ILogger log, Exception failure);

    [LoggerMessage(EventId = 27, Level = LogLevel.Warning, Message = "the daemon stood still for {AtLeast} to " +
        "{AtMost} s (stopped, or the host has no time for it): a QEMU that waited longer than its x-msg-timeout has " +
        "given its device up, which ptnet port ls then shows as lost")]
    internal static partial void StoodStill(ILogger log, int atLeast, int atMost);
}
