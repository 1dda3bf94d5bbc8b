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

    /// <summary>A guest of ours has failed; its port stays as it is.</summary>
    [LoggerMessage(EventId = 12, Level = LogLevel.Error,
        Message = "port {Port}: its guest ({Transport}) has failed: {Program}: {Reason}")]
    public static partial void GuestFailed(ILogger log, string port, string transport, string program, string reason);

    /// <summary>A guest of ours does not end.</summary>
    [LoggerMessage(EventId = 13, Level = LogLevel.Error, Message = "port {Port}: its guest ({Transport}) does not " +
        "end; what it may use stays in memory until the daemon ends")]
    public static partial void GuestStuck(ILogger log, string port, string transport);

    /// <summary>Memory was taken away from under a guest.</summary>
    [LoggerMessage(EventId = 14, Level = LogLevel.Warning,
        Message = "port {Port}: the guest has lost memory and is detached: {What} (lines left out: {PassedOver})")]
    public static partial void LostMemory(ILogger log, string port, string what, long passedOver);

    /// <summary>A client's eventfds are dear to signal.</summary>
    [LoggerMessage(EventId = 15, Level = LogLevel.Warning, Message = "port {Port}: to interrupt its guest takes " +
        "over 0.1 ms of CPU time each time, as if thousands watched its client's eventfds: done from now on by a " +
        "thread of its own, which takes a tenth of a processor")]
    public static partial void DearInterrupts(ILogger log, string port);

    /// <summary>A device thread does not end.</summary>
    [LoggerMessage(EventId = 16, Level = LogLevel.Error, Message = "port {Port}: its device thread hangs and is " +
        "left behind; what it may use stays in memory until the daemon ends, the port's name can be used again")]
    public static partial void DeviceStuck(ILogger log, string port);
}
