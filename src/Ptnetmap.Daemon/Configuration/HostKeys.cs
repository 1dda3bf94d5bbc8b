namespace Ptnetmap.Daemon.Configuration;

/// <summary>Which settings of a port's other side each kind of port looks at.</summary>
public static class HostKeys
{
    /// <summary>All keys.</summary>
    public static IEnumerable<string> Names => SettingTables.Host.All.Select(setting => setting.Name);

    /// <summary>Those that have another than the usual value.</summary>
    public static IEnumerable<string> SetIn(HostSettings host) => SettingTables.Host.SetIn(host);

    /// <summary>Those that a port of this name looks at; none for a name that is none.</summary>
    public static IReadOnlyList<string> Of(string name) =>
        !PortName.TryParse(name, out PortName? port) ? [] : port switch
        {
            { Kind: PortNameKind.Tap } => ["netns", "interface", "mtu", "mac", "persistent"],
            { Kind: PortNameKind.Interface, Rings: RingChoice.Host } => ["netns", "interface"],
            { Kind: PortNameKind.Interface } =>
                ["netns", "interface", "mode", "filter", "busy_poll", "promiscuous", "checksums"],

            // What is only written is not replayed.
            { Kind: PortNameKind.Pcap } when port.Part.StartsWith("-,", StringComparison.Ordinal) => [],
            { Kind: PortNameKind.Pcap } => ["recorded_times", "loops"],
            _ => [],
        };
}
