using Ptnetmap.Linux;

namespace Ptnetmap.Daemon.Configuration;

/// <summary>What settings may be, each on its own (<see cref="SettingTables"/>) and together: the same rules for the
/// configuration file and the API. All faults are found, not the first.</summary>
public static class SettingsRules
{
    // Which programs of a guest look at a setting.
    private static readonly Dictionary<string, string[]> ProgramsOf = new(StringComparer.Ordinal)
    {
        ["packets"] = ["send", "receive"],
        ["rate"] = ["send"],
        ["frame"] = ["send"],
        ["to"] = ["send"],
        ["verify"] = ["receive"],
    };

    /// <summary>Checks what is common to the daemon.</summary>
    public static IEnumerable<Fault> Check(DaemonSettings daemon) => Found(SettingTables.Daemon.Check(daemon));

    /// <summary>Checks a trust domain.</summary>
    public static IEnumerable<Fault> Check(DomainSettings domain) => Found(SettingTables.Domain.Check(domain));

    /// <summary>Checks a switch.</summary>
    public static IEnumerable<Fault> Check(SwitchSettings vale) => Found(SettingTables.Switch.Check(vale));

    /// <summary>Checks a port.</summary>
    public static IEnumerable<Fault> Check(PortSettings port) => Found(
        [.. HostRules.Check(port.Host, port.Name), .. SettingTables.Port.Check(port),
            .. VlanRules.Check(port, port.Name),
            .. Together(port, SettingTables.Port)]);

    /// <summary>Checks a pipe.</summary>
    public static IEnumerable<Fault> Check(PipeSettings pipe) => Found(
    [
        .. SettingTables.Pipe.Check(pipe),
        .. Within("master", Together(pipe.Master, SettingTables.End)),
        .. Within("slave", Together(pipe.Slave, SettingTables.End)),
    ]);

    /// <summary>Checks a bridge.</summary>
    public static IEnumerable<Fault> Check(BridgeSettings bridge) => Found(
    [
        BridgeLoops.IsOne(bridge.Left, bridge.Right)
            ? new Fault("right", $"'{Printable.Name(bridge.Right)}' cannot be connected with itself")
            : null,
        .. HostRules.Check(bridge.Host, bridge.Left, bridge.Right),
        .. SettingTables.Bridge.Check(bridge),
        .. VlanRules.Check(bridge, bridge.Left, bridge.Right),
        bridge.Host?.Interface is not null && HostRules.IsInterfaces(bridge.Left)
            && HostRules.IsInterfaces(bridge.Right)
            ? new Fault("host.interface", "there are two interfaces here; open one of the ports first (ptnet port add)")
            : null,
    ]);

    /// <summary>Checks a virtual machine.</summary>
    public static IEnumerable<Fault> Check(VmSettings vm) => Found(
    [
        vm.Ports.Count > 0 ? null : new Fault("port", "at least one port is to be named"),
        vm.Ports.Distinct(StringComparer.Ordinal).Count() == vm.Ports.Count ? null
            : new Fault("port", "a port is named twice"),
        .. SettingTables.Vm.Check(vm),
    ]);

    /// <summary>Checks a guest's program.</summary>
    public static IEnumerable<Fault> Check(GuestSettings guest) =>
        Found([.. SettingTables.Guest.Check(guest), .. Together(guest)]);

    // Of one setting the first: what else there is to say of it mostly follows.
    private static IEnumerable<Fault> Found(IEnumerable<Fault?> faults) =>
        faults.OfType<Fault>().DistinctBy(fault => fault.Key, StringComparer.Ordinal);

    private static IEnumerable<Fault> Within(string key, IEnumerable<Fault> faults) =>
        faults.Select(fault => fault with { Key = $"{key}.{fault.Key}" });

    private static IEnumerable<Fault> Together<T>(T end, SettingTable<T> table)
        where T : EndSettings, new() =>
    [
        .. end.Guest is null ? [] : Within("guest", Together(end.Guest)),
        .. end.Guest is null || end.Transport is null or "thread" ? []
            : (Fault[])[new Fault("guest",
                $"a guest program goes with transport 'thread', not with '{Printable.Name(end.Transport)}'")],

        // A port that lets nobody in has no device. (One of a thread may be a VM's in the next run of the same file.)
        .. end.Transport is not "none" ? []
            : ((string[])["bar", "allow_unsealed_memory", "offloads"])
                .Intersect(table.SetIn(end), StringComparer.Ordinal)
            .Select(key => new Fault(key, "is a VM's device's, and there is none with transport 'none'")),
    ];

    private static IEnumerable<Fault> Together(GuestSettings guest) =>
        guest.Program is not ("send" or "receive" or "echo") ? []
        : SettingTables.Guest.SetIn(guest)
            .Where(key => ProgramsOf.TryGetValue(key, out string[]? programs)
                && !programs.Contains(guest.Program, StringComparer.Ordinal))
            .Select(key => new Fault(key,
                $"is nothing that program '{guest.Program}' has; only {string.Join(" and ", ProgramsOf[key])}"));
}
