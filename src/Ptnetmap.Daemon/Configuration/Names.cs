using Ptnetmap.Passthrough;

namespace Ptnetmap.Daemon.Configuration;

/// <summary>The words that settings may have.</summary>
public static class Names
{
    /// <summary>Which pages a region asks for.</summary>
    public static IReadOnlyList<string> HugePages { get; } = ["auto", "off", "required"];

    /// <summary>Kinds of register BAR.</summary>
    public static IReadOnlyList<string> Bars { get; } = ["io", "memory"];

    /// <summary>How frames get between a NIC and its port.</summary>
    public static IReadOnlyList<string> NicModes { get; } = ["auto", "zero-copy", "copy", "generic"];

    /// <summary>Whether checksums of received frames are completed.</summary>
    public static IReadOnlyList<string> Checksums { get; } = ["auto", "on", "off"];

    /// <summary>Notification policies.</summary>
    public static IReadOnlyList<string> Policies { get; } = [.. NotificationPolicy.All.Select(policy => policy.Name)];

    /// <summary>Programs of thread guests.</summary>
    public static IReadOnlyList<string> Programs { get; } = ["send", "receive", "echo"];

    /// <summary>Systems of guests.</summary>
    public static IReadOnlyList<string> Guests { get; } = ["linux", "freebsd"];

    /// <summary>Log formats.</summary>
    public static IReadOnlyList<string> Logs { get; } = ["text", "json", "systemd"];

    /// <summary>Log levels.</summary>
    public static IReadOnlyList<string> LogLevels { get; } = ["debug", "info", "warning", "error"];
}
