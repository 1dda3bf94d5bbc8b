using Ptnetmap.Linux;

namespace Ptnetmap.Daemon.Configuration;

/// <summary>What settings may be, each on its own: the same rules for the configuration file and the API. All faults are
/// found, not the first.</summary>
public static class SettingsRules
{
    /// <summary>Checks what is common to the daemon.</summary>
    public static IEnumerable<Fault> Check(DaemonSettings daemon) => Found(
    [
        SettingLimits.Check("workers", daemon.Workers),
        .. daemon.Cpus.Select(cpu => SettingLimits.Check("cpus", cpu)),
        .. daemon.Cpus.GroupBy(cpu => cpu).Where(same => same.Count() > 1).Select(same => new Fault("cpus", $"{same.Key} is named twice")),
        Word("policy", daemon.Policy, Names.Policies),
        Word("log", daemon.Log, Names.Logs),
        Word("log_level", daemon.LogLevel, Names.LogLevels),
    ]);

    /// <summary>Checks a trust domain.</summary>
    public static IEnumerable<Fault> Check(DomainSettings domain) => Found(
    [
        DomainNameFault(domain.Name),
        SettingLimits.Check("ports", domain.Ports),
        SettingLimits.Check("rings", domain.Rings),
        SettingLimits.Check("slots", domain.Slots),
        SettingLimits.Check("extra_buffers", domain.ExtraBuffers),
        SettingLimits.Check("buffer_size", domain.BufferSize),
        domain.BufferSize % 64 > 0
            ? new Fault("buffer_size", $"{domain.BufferSize} is not a multiple of 64")
            : null,
        SettingLimits.Check("region_id", domain.RegionId),
        Word("huge_pages", domain.HugePages, Names.HugePages),
    ]);

    /// <summary>Checks a switch.</summary>
    public static IEnumerable<Fault> Check(SwitchSettings vale) => Found(
    [
        PortName.TryParse($"{vale.Name}:x", out PortName? name) && name.Kind == PortNameKind.Vale
            ? null
            : new Fault("name", $"'{Printable.Name(vale.Name)}' is no switch's name; expected 'vale' and letters, digits or '_' (vale0), " +
                $"at most {PortName.MaxPartLength} characters"),
        SettingLimits.Check("ageing_seconds", vale.AgeingSeconds),
        SettingLimits.Check("flood_limit", vale.FloodLimit),
        SettingLimits.Check("uplink_flood_limit", vale.UplinkFloodLimit),
        SettingLimits.Check("addresses_per_port", vale.AddressesPerPort),
    ]);

    /// <summary>Checks a port.</summary>
    public static IEnumerable<Fault> Check(PortSettings port) => Found(
    [
        PortNameFault("name", port.Name),
        .. HostRules.Check(port.Host, port.Name),
        .. Shape(port.Rings, port.Slots, port.Policy),
        .. Check((EndSettings)port),
    ]);

    /// <summary>Checks a pipe.</summary>
    public static IEnumerable<Fault> Check(PipeSettings pipe) => Found(
    [
        PipeNameFault(pipe.Name),
        .. Shape(pipe.Rings, pipe.Slots, pipe.Policy),
        .. Check(pipe.Master).Select(fault => fault with { Key = $"master.{fault.Key}" }),
        .. Check(pipe.Slave).Select(fault => fault with { Key = $"slave.{fault.Key}" }),
    ]);

    /// <summary>Checks a bridge.</summary>
    public static IEnumerable<Fault> Check(BridgeSettings bridge) => Found(
    [
        BridgeLoops.IsOne(bridge.Left, bridge.Right)
            ? new Fault("right", $"'{Printable.Name(bridge.Right)}' cannot be connected with itself")
            : null,
        PortNameFault("left", bridge.Left, pipesToo: true),
        PortNameFault("right", bridge.Right, pipesToo: true),
        .. Shape(bridge.Rings, bridge.Slots, bridge.Policy),
        .. HostRules.Check(bridge.Host, bridge.Left, bridge.Right),
        bridge.Host?.Interface is not null && HostRules.IsInterfaces(bridge.Left) && HostRules.IsInterfaces(bridge.Right)
            ? new Fault("host.interface", "there are two interfaces here; open one of the ports first (ptnet port add)")
            : null,
    ]);

    /// <summary>Checks what a port's guest sees.</summary>
    public static IEnumerable<Fault> Check(EndSettings end) => Found(
    [
        Unicast("mac", end.Mac),
        Word("bar", end.Bar, Names.Bars),
        .. end.Guest is null ? [] : Check(end.Guest).Select(fault => fault with { Key = $"guest.{fault.Key}" }),
        end.Guest is not null && end.Transport is not (null or "thread")
            ? new Fault("guest", $"a guest program goes with transport 'thread', not with '{Printable.Name(end.Transport)}'")
            : null,
        OfDevice("bar", !string.Equals(end.Bar, new EndSettings().Bar, StringComparison.Ordinal), end),
        OfDevice("allow_unsealed_memory", end.AllowUnsealedMemory, end),
        OfDevice("offloads", end is PortSettings { Offloads: false }, end),
    ]);

    /// <summary>Checks a virtual machine.</summary>
    public static IEnumerable<Fault> Check(VmSettings vm) => Found(
    [
        vm.Ports.Count > 0 ? null : new Fault("port", "at least one port is to be named"),
        vm.Ports.Distinct(StringComparer.Ordinal).Count() == vm.Ports.Count ? null : new Fault("port", "a port is named twice"),
        Word("guest", vm.Guest, Names.Guests),
        SettingLimits.Check("memory_mib", vm.MemoryMiB),
        SettingLimits.Check("patience", vm.PatienceSeconds),
    ]);

    /// <summary>Checks a guest's program.</summary>
    public static IEnumerable<Fault> Check(GuestSettings guest)
    {
        var usual = new GuestSettings();
        return Found(
        [
            Word("program", guest.Program, Names.Programs),
            SettingLimits.Check("packets", guest.Packets),
            SettingLimits.Check("rate", guest.Rate),
            SettingLimits.Check("frame", guest.Frame),
            guest.To is null || MacAddress.TryParse(guest.To, out _) ? null : new Fault("to", NotAMac(guest.To)),
            Unused("packets", guest.Packets != usual.Packets, guest.Program, "send", "receive"),
            Unused("rate", guest.Rate != usual.Rate, guest.Program, "send"),
            Unused("frame", guest.Frame != usual.Frame, guest.Program, "send"),
            Unused("to", guest.To is not null, guest.Program, "send"),
            Unused("verify", guest.Verify, guest.Program, "receive"),
        ]);
    }

    // Of one setting the first: what else there is to say of it mostly follows.
    private static IEnumerable<Fault> Found(IEnumerable<Fault?> faults) => faults.OfType<Fault>().DistinctBy(fault => fault.Key, StringComparer.Ordinal);

    private static IEnumerable<Fault?> Shape(int rings, int slots, string? policy) =>
    [
        SettingLimits.Check("rings", rings),
        SettingLimits.Check("slots", slots),
        policy is null ? null : Word("policy", policy, Names.Policies),
    ];

    private static Fault? PortNameFault(string key, string name, bool pipesToo = false)
    {
        try
        {
            PortName parsed = PortName.Parse(name);
            bool whole = parsed.Kind == PortNameKind.Interface
                ? parsed is { Options: PortNameOptions.None, RegionId: 0 }
                : string.Equals(parsed.Port, parsed.ToString(), StringComparison.Ordinal);
            return whole && (pipesToo || parsed.Pipe == PipeEnd.None)
                ? null
                : new Fault(key, $"'{Printable.Name(name)}' is no port of its own; expected SWITCH:PORT (vale0:web), netmap:INTERFACE or tap:NAME, without letters and regions. Pipes are made as pipes");
        }
        catch (PortNameException wrong)
        {
            return new Fault(key, wrong.Message);
        }
    }

    private static Fault? DomainNameFault(string name) => DomainNames.WhyNot(name) is { } why ? new Fault("name", why) : null;

    private static Fault? PipeNameFault(string name)
    {
        try
        {
            PortName parsed = PortName.Parse(name);
            bool sound = parsed.Pipe == PipeEnd.Master
                && string.Equals(parsed.Port, parsed.ToString(), StringComparison.Ordinal)
                && ushort.TryParse(parsed.PipeId, out ushort id)
                && string.Equals($"{id}", parsed.PipeId, StringComparison.Ordinal);
            return sound
                ? null
                : new Fault("name", $"'{Printable.Name(name)}' is no pipe; expected its master end NAME{{NUMBER (p{{1), number at most {ushort.MaxValue}");
        }
        catch (PortNameException wrong)
        {
            return new Fault("name", wrong.Message);
        }
    }

    // A port that lets nobody in has no device. (One of a thread may be a VM's in the next run of the same file.)
    private static Fault? OfDevice(string key, bool isSet, EndSettings end) => isSet && end.Transport is "none"
        ? new Fault(key, "is a VM's device's, and there is none with transport 'none'")
        : null;

    private static Fault? Unused(string key, bool isSet, string program, params ReadOnlySpan<string> users) =>
        !isSet || users.Contains(program) || !Names.Programs.Contains(program, StringComparer.Ordinal)
            ? null
            : new Fault(key, $"is nothing that program '{program}' has; only {string.Join(" and ", users)}");

    private static Fault? Word(string key, string value, IReadOnlyList<string> words) => words.Contains(value, StringComparer.Ordinal)
        ? null
        : new Fault(key, $"'{Printable.Name(value)}' is none of {string.Join(", ", words)}");

    private static Fault? Unicast(string key, string? text) => text switch
    {
        null => null,
        _ when !MacAddress.TryParse(text, out MacAddress mac) => new Fault(key, NotAMac(text)),
        _ when MacAddress.TryParse(text, out MacAddress mac) && !mac.IsValid =>
            new Fault(key, $"{Printable.Name(text)} is nobody's own address; the first byte of one is even (02:00:00:00:00:01)"),
        _ => null,
    };

    private static string NotAMac(string text) => $"'{Printable.Name(text)}' is no Ethernet address; expected six bytes as in 02:00:00:00:00:01";
}
