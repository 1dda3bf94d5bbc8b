using Microsoft.Extensions.Logging;
using Ptnetmap.HostPorts.Supervision;
using Ptnetmap.Memory;

namespace Ptnetmap.Daemon.Running;

/// <summary>What the inventory says.</summary>
internal static partial class InventoryLog
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Information,
        Message = "trust domain {Domain}: region {RegionId} of {MiB} MiB, {Backing} pages")]
    internal static partial void DomainMade(ILogger log, string domain, int regionId, long miB, PageBacking backing);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information,
        Message = "port {Port}: open in trust domain {Domain}, transport {Transport}")]
    internal static partial void PortOpened(ILogger log, string port, string domain, string transport);

    [LoggerMessage(EventId = 3, Level = LogLevel.Information,
        Message = "port {Port}: closed; buffers lost to guests of its trust domain: {LostBuffers}")]
    internal static partial void PortClosed(ILogger log, string port, int lostBuffers);

    [LoggerMessage(EventId = 4, Level = LogLevel.Information,
        Message = "ports {Left} and {Right}: connected with each other")]
    internal static partial void Bridged(ILogger log, string left, string right);

    [LoggerMessage(EventId = 5, Level = LogLevel.Information, Message = "ports {Left} and {Right}: parted")]
    internal static partial void Parted(ILogger log, string left, string right);

    /// <summary>The interface of a NIC or TAP port has come, gone or changed.</summary>
    /// <param name="log">Where to say it.</param>
    /// <param name="port">The port's name.</param>
    /// <param name="interface">The interface's name.</param>
    /// <param name="state">What it is now.</param>
    /// <param name="note">Why, or what else there is to say; null: nothing.</param>
    public static void LinkChanged(ILogger log, string port, string @interface, NicState state, string? note)
    {
        string now = state switch
        {
            NicState.Up => "up",
            NicState.Gone => "gone",
            NicState.Down => "down",
            _ => "refused",
        };
        LinkChanged(log, port, @interface, now, string.IsNullOrEmpty(note) ? "" : $": {note}");
    }

    /// <summary>It is called something else, or is in another namespace.</summary>
    [LoggerMessage(EventId = 15, Level = LogLevel.Information,
        Message = "port {Port}: interface {Before} is {Interface} now")]
    public static partial void Renamed(ILogger log, string port, string before, string @interface);

    [LoggerMessage(EventId = 7, Level = LogLevel.Warning,
        Message = "{Changes} of NICs that a killed daemon had left: undone")]
    internal static partial void NicChangesUndone(ILogger log, string changes);

    [LoggerMessage(EventId = 16, Level = LogLevel.Warning, Message = "what a killed daemon had changed cannot be " +
        "undone now, and is tried again at the next start: {Change}")]
    internal static partial void NicChangeLeft(ILogger log, string change);

    /// <summary>Something of an interface stays changed after a port has let it go.</summary>
    [LoggerMessage(EventId = 18, Level = LogLevel.Warning, Message = "port {Port}: {What}")]
    public static partial void InterfaceLeft(ILogger log, string port, string what);

    [LoggerMessage(EventId = 9, Level = LogLevel.Error,
        Message = "{Ring}: a pass does not end; what it may use stays in memory until the daemon ends")]
    internal static partial void PassStuck(ILogger log, string ring);

    [LoggerMessage(EventId = 8, Level = LogLevel.Error,
        Message = "a change does not end, and is left behind: under way{Change}")]
    internal static partial void ChangeLeft(ILogger log, string change);

    [LoggerMessage(EventId = 6, Level = LogLevel.Warning,
        Message = "port {Port}: interface {Interface} is {State}{Note}")]
    private static partial void LinkChanged(ILogger log, string port, string @interface, string state, string note);
}
