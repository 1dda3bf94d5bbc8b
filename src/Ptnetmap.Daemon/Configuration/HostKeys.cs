namespace Ptnetmap.Daemon.Configuration;

/// <summary>Which settings of a port's other side each kind of port looks at.</summary>
public static class HostKeys
{
    private static readonly HostSettings Usual = new();

    private static readonly (string Key, Func<HostSettings, bool> IsSet)[] All =
    [
        ("netns", host => host.Netns is not null),
        ("interface", host => host.Interface is not null),
        ("mtu", host => host.Mtu is not null),
        ("mac", host => host.Mac is not null),
        ("persistent", host => host.Persistent),
        ("mode", host => !string.Equals(host.Mode, Usual.Mode, StringComparison.Ordinal)),
        ("filter", host => host.Filter is not null),
        ("busy_poll", host => host.BusyPoll != Usual.BusyPoll),
        ("promiscuous", host => host.Promiscuous),
        ("checksums", host => !string.Equals(host.Checksums, Usual.Checksums, StringComparison.Ordinal)),
        ("recorded_times", host => host.RecordedTimes),
        ("loops", host => host.Loops != Usual.Loops),
    ];

    /// <summary>All keys.</summary>
    public static IEnumerable<string> Names => All.Select(setting => setting.Key);

    /// <summary>Those that have another than the usual value.</summary>
    public static IEnumerable<string> SetIn(HostSettings host) =>
        All.Where(setting => setting.IsSet(host)).Select(setting => setting.Key);

    /// <summary>Those that a port of this name looks at; none for a name that is none.</summary>
    public static IReadOnlyList<string> Of(string name) => !PortName.TryParse(name, out PortName? port) ? [] : port switch
    {
        { Kind: PortNameKind.Tap } => ["netns", "interface", "mtu", "mac", "persistent"],
        { Kind: PortNameKind.Interface, Rings: RingChoice.Host } => ["netns", "interface"],
        { Kind: PortNameKind.Interface } => ["netns", "interface", "mode", "filter", "busy_poll", "promiscuous", "checksums"],

        // What is only written is not replayed.
        { Kind: PortNameKind.Pcap } when port.Part.StartsWith("-,", StringComparison.Ordinal) => [],
        { Kind: PortNameKind.Pcap } => ["recorded_times", "loops"],
        _ => [],
    };
}
