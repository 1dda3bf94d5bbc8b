using Ptnetmap.Linux.Net;
using Ptnetmap.Memory;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports.Switching;
using Ptnetmap.Traffic;

namespace Ptnetmap.Daemon.Configuration;

/// <summary>All settings of the daemon's, each declared once: its name, what it is, its limits. The usual value is the
/// one that the object has when it is made.</summary>
public static class SettingTables
{
    // More of anything than will be.
    private const long Many = 1_000_000_000_000;

    private static readonly NumberLimits Rings = new(1, NetmapAbi.MaxRingPairs);
    private static readonly NumberLimits Slots = new(NetmapAbi.MinSlots, NetmapAbi.MaxSlots);
    private static readonly string[] Policies = [.. NotificationPolicy.All.Select(policy => policy.Name)];

    /// <summary><c>[daemon]</c>.</summary>
    public static SettingTable<DaemonSettings> Daemon { get; } = new(
        new WholeSetting<DaemonSettings>(
            "workers", "Worker threads; 0: one less than there are cores, at least one.", new(0, WorkerPool.MaxWorkers),
            daemon => daemon.Workers, (daemon, workers) => daemon.Workers = (int)workers),
        new WholesSetting<DaemonSettings>(
            "cpus", "CPUs that workers are bound to, in turn. Default: wherever the scheduler wants.", new(0, 1023),
            daemon => daemon.Cpus, (daemon, cpus) => daemon.Cpus = cpus),
        new TextSetting<DaemonSettings>(
            "policy", "What sync loops do when they run dry.", daemon => daemon.Policy, (daemon, policy) =>
                daemon.Policy = policy)
        {
            Words = Policies,
        },
        new TextSetting<DaemonSettings>("log", "How it logs.", daemon => daemon.Log, (daemon, log) => daemon.Log = log)
        {
            Words = ["text", "json", "systemd"],
        },
        new TextSetting<DaemonSettings>(
            "log_level", "The least that is logged.", daemon => daemon.LogLevel, (daemon, level) =>
                daemon.LogLevel = level)
        {
            Words = ["debug", "info", "warning", "error"],
        });

    /// <summary><c>[[domain]]</c>.</summary>
    public static SettingTable<DomainSettings> Domain { get; } = new(
        Name<DomainSettings>("name", "Its name.", domain => domain.Name, (domain, name) => domain.Name = name,
            DomainNames.WhyNot),
        new WholeSetting<DomainSettings>(
            "ports", "Ports at the same time; a pipe has two. Default: " +
                $"{DomainSettings.CommandPorts}; in a file as many as it puts there, by the API 1.",
            new(1, RegionLayout.MaxPorts), domain => domain.Ports, (domain, ports) =>
                domain.Ports = (int)ports, unit: "N"),
        new WholeSetting<DomainSettings>(
            "rings", "The most ring pairs of a port. Default: 1; in a file the most that one has there.", Rings,
            domain => domain.Rings, (domain, rings) => domain.Rings = (int)rings, unit: "N"),
        new WholeSetting<DomainSettings>(
            "slots", "The most slots of a ring. Default: 1024; in a file the most that one has there.", Slots,
            domain => domain.Slots, (domain, slots) => domain.Slots = (int)slots, unit: "N"),
        new WholeSetting<DomainSettings>(
            "extra_buffers", "Buffers beyond those of the rings.", new(0, int.MaxValue),
            domain => domain.ExtraBuffers, (domain, buffers) => domain.ExtraBuffers = (int)buffers, unit: "N"),
        new WholeSetting<DomainSettings>(
            "buffer_size", $"Bytes of a buffer, a multiple of 64. Default: {RegionRequest.DefaultBufferSize}.",
            new(RegionLayout.MinBufferSize, RegionLayout.MaxBufferSize), domain => domain.BufferSize,
            (domain, size) => domain.BufferSize = (int)size, size => size % 64 == 0 ? null
                : $"{size} is not a multiple of 64", unit: "BYTES"),
        new WholeSetting<DomainSettings>(
            "region_id", "Its region's id, which VMs see. Default: the lowest that is free.", new(1, ushort.MaxValue),
            domain => domain.RegionId, (domain, id) => domain.RegionId = (int)id, unit: "ID"),
        new TextSetting<DomainSettings>(
            "huge_pages", "Pages of 2 MiB.", domain => domain.HugePages, (domain, pages) => domain.HugePages = pages)
        {
            Words = ["auto", "off", "required"],
            Option = "hugepages",
        });

    /// <summary><c>[[switch]]</c>.</summary>
    public static SettingTable<SwitchSettings> Switch { get; } = new(
        Name<SwitchSettings>("name", "Its name: vale0.", vale => vale.Name, (vale, name) => vale.Name = name,
            NameRules.SwitchFault),
        new WholeSetting<SwitchSettings>(
            "ageing_seconds", "Seconds for which an address is remembered.", new(1, 1_000_000),
            vale => vale.AgeingSeconds, (vale, seconds) => vale.AgeingSeconds = (int)seconds),
        new WholeSetting<SwitchSettings>(
            "flood_limit", "Packets a second that a port of a guest may flood; 0: no limit.", new(0, int.MaxValue),
            vale => vale.FloodLimit, (vale, limit) => vale.FloodLimit = (int)limit),
        new WholeSetting<SwitchSettings>(
            "uplink_flood_limit", "Packets a second that a port of the host may flood; 0: no limit.",
                new(0, int.MaxValue),
            vale => vale.UplinkFloodLimit, (vale, limit) => vale.UplinkFloodLimit = (int)limit),
        new WholeSetting<SwitchSettings>(
            "addresses_per_port", "Addresses that are learned of a port of a guest.", new(1, ForwardingTable.Capacity),
            vale => vale.AddressesPerPort, (vale, most) => vale.AddressesPerPort = (int)most),
        new WholeSetting<SwitchSettings>(
            "patience_us", "Microseconds that packets wait for a receiver that has no space; 0: they are dropped.",
            new(0, 1_000_000), vale => vale.PatienceMicroseconds,
            (vale, time) => vale.PatienceMicroseconds = (int)time));

    /// <summary>What a guest of transport <c>thread</c> does.</summary>
    public static SettingTable<GuestSettings> Guest { get; } = new(
        new TextSetting<GuestSettings>(
            "program", "Let a guest thread of the daemon run this, to try the port out.",
            guest => guest.Program, (guest, program) => guest.Program = program)
        {
            Words = ["send", "receive", "echo"],
        },
        new WholeSetting<GuestSettings>(
            "packets", "Packets after which the program is done; 0: never.", new(0, Many),
            guest => guest.Packets, (guest, packets) => guest.Packets = packets, unit: "N"),
        new WholeSetting<GuestSettings>(
            "rate", "Packets a second of a sender; 0: as fast as it goes.", new(0, Many),
            guest => guest.Rate, (guest, rate) => guest.Rate = rate, unit: "PPS"),
        new WholeSetting<GuestSettings>(
            "frame", "Bytes of a sender's frame.", new(TestFrame.MinLength, 9018),
            guest => guest.Frame, (guest, frame) => guest.Frame = (int)frame, unit: "BYTES"),
        new TextSetting<GuestSettings>(
            "to", "A sender's destination. Default: broadcast.", guest => guest.To, (guest, to) => guest.To = to)
        {
            Unit = "ADDRESS",
            Rule = NameRules.AddressFault,
        },
        new FlagSetting<GuestSettings>(
            "verify", "A receiver checks every frame.", guest => guest.Verify, (guest, verify) =>
                guest.Verify = verify));

    /// <summary>What a port's other side is to be, when that is the host's kernel or a file.</summary>
    public static SettingTable<HostSettings> Host { get; } = new(
        new TextSetting<HostSettings>(
            "netns", "Network namespace that the interface is in, or is made in (TAP). Default: the daemon's.",
            host => host.Netns, (host, netns) => host.Netns = netns)
        {
            Unit = "NAME|PATH",
            Rule = netns => netns.Length > 0 ? null : "expected a name of `ip netns`, or a path",
        },
        new TextSetting<HostSettings>(
            "interface", "The interface's name where the port's is another: br-1, or one that another namespace has " +
                "too.",
            host => host.Interface, (host, name) => host.Interface = name)
        {
            Unit = "NAME",
            Rule = InterfaceName.FaultOf,
        },
        new WholeSetting<HostSettings>(
            "mtu", "TAP: the interface's MTU. Default: as the kernel has it.", new(68, 65_521),
            host => host.Mtu, (host, mtu) => host.Mtu = (int)mtu, unit: "BYTES"),
        new TextSetting<HostSettings>(
            "mac", "TAP: the MAC address of the kernel's side. Default: the kernel chooses.", host => host.Mac,
                (host, mac) => host.Mac = mac)
        {
            Unit = "ADDRESS",
            Option = "tap-mac",
            Rule = NameRules.InterfacesAddressFault,
        },
        new FlagSetting<HostSettings>(
            "persistent", "TAP: the interface stays when the port is closed.", host => host.Persistent, (host, stays) =>
                host.Persistent = stays),
        new TextSetting<HostSettings>(
            "mode", "NICs: the only mode that will do; auto: the best that there is.", host => host.Mode,
                (host, mode) => host.Mode = mode)
        {
            Words = ["auto", "zero-copy", "copy", "generic"],
        },
        new TextSetting<HostSettings>(
            "filter",
            "NICs: frames that come to the port; the others go to the kernel. A list of mac=, vlan=, ethertype=, " +
            "protocol=, udp=, tcp=.",
            host => host.Filter, (host, filter) => host.Filter = filter)
        {
            Unit = "KEY=VALUE,...",
            Rule = NameRules.FilterFault,
        },
        new WholeSetting<HostSettings>(
            "busy_poll", "NICs: microseconds that the kernel polls the device when it is asked for frames; 0: " +
                "interrupts.", new(0, 1_000_000),
            host => host.BusyPoll, (host, time) => host.BusyPoll = (int)time, unit: "US"),
        new FlagSetting<HostSettings>(
            "promiscuous", "NICs: receive frames for every address. One that is attached to a switch does anyway.",
            host => host.Promiscuous, (host, all) => host.Promiscuous = all),
        new TextSetting<HostSettings>(
            "checksums", "NICs: complete checksums that a sender's kernel left undone; auto: where the interface " +
                "may bring such frames.",
            host => host.Checksums, (host, checksums) => host.Checksums = checksums)
        {
            Words = ["auto", "on", "off"],
        },
        new FlagSetting<HostSettings>(
            "recorded_times",
            "Captures: replay at the distances at which frames were captured, not as fast as they are taken.",
            host => host.RecordedTimes, (host, recorded) => host.RecordedTimes = recorded),
        new WholeSetting<HostSettings>(
            "loops", "Captures: how often to replay; 0: for ever.", new(0, Many),
            host => host.Loops, (host, loops) => host.Loops = loops, unit: "N"));

    /// <summary>An end of a pipe.</summary>
    public static SettingTable<EndSettings> End { get; } = new(OfEnd<EndSettings>());

    /// <summary><c>[[port]]</c>.</summary>
    public static SettingTable<PortSettings> Port { get; } = new(
    [
        Name<PortSettings>(
            "name", "SWITCH:PORT (vale0:web), netmap:INTERFACE, tap:NAME, or pcap:IN,OUT.", port => port.Name,
                (port, name) => port.Name = name,
            name => NameRules.PortFault(name)),
        .. OfShape<PortSettings>(),
        .. OfVlans<PortSettings>(),
        new FlagSetting<PortSettings>(
            "offloads", "Grant guests a virtio-net header: checksums left undone, segments of 64 KB. What receivers " +
            "without cannot take, the switch does.",
            port => port.Offloads, (port, offloads) => port.Offloads = offloads)
        {
            HelpOfNo = "Grant no virtio-net header: guests complete checksums and cut segments themselves.",
        },
        .. OfEnd<PortSettings>(),
        OfHost<PortSettings>(port => port.Host, (port, host) => port.Host = host),
    ]);

    /// <summary><c>[[pipe]]</c>.</summary>
    public static SettingTable<PipeSettings> Pipe { get; } = new(
    [
        Name<PipeSettings>(
            "name", "Its master end's name: p{1.", pipe => pipe.Name, (pipe, name) => pipe.Name = name,
                NameRules.PipeFault),
        .. OfShape<PipeSettings>(),
        new TableSetting<PipeSettings, EndSettings>("master", "The end NAME{ID.", End, pipe => pipe.Master,
            (pipe, end) => pipe.Master = end),
        new TableSetting<PipeSettings, EndSettings>("slave", "The end NAME}ID.", End, pipe => pipe.Slave,
            (pipe, end) => pipe.Slave = end),
    ]);

    /// <summary><c>[[bridge]]</c>.</summary>
    public static SettingTable<BridgeSettings> Bridge { get; } = new(
    [
        Name<BridgeSettings>(
            "left", "One port: tap:NAME, pcap:IN,OUT, SWITCH:PORT, or one that is there.", bridge => bridge.Left,
            (bridge, left) => bridge.Left = left, name => NameRules.PortFault(name, pipesToo: true)),
        Name<BridgeSettings>(
            "right", "The other.", bridge => bridge.Right, (bridge, right) => bridge.Right = right,
            name => NameRules.PortFault(name, pipesToo: true)),
        new FlagSetting<BridgeSettings>(
            "make_right", "The right port is made: one of that name that is there already is another's, and not taken.",
            bridge => bridge.MakeRight, (bridge, make) => bridge.MakeRight = make)
        {
            Option = "",
        },
        .. OfShape<BridgeSettings>(),
        .. OfVlans<BridgeSettings>(),
        OfHost<BridgeSettings>(bridge => bridge.Host, (bridge, host) => bridge.Host = host),
    ]);

    /// <summary><c>[[attach]]</c>.</summary>
    public static SettingTable<AttachmentSettings> Attachment { get; } = new(
    [
        Name<AttachmentSettings>(
            "switch", "The switch: vale0.", attachment => attachment.Switch, (attachment, vale) =>
                attachment.Switch = vale, NameRules.SwitchFault),
        Name<AttachmentSettings>(
            "port", "An interface or captures: netmap:INTERFACE, tap:NAME, pcap:IN,OUT.", attachment => attachment.Port,
            (attachment, port) => attachment.Port = port, AttachmentRules.PortFault),
        new TextSetting<AttachmentSettings>(
            "as", "Name of the switch's port. Default: the interface's; what such a name cannot have is escaped.",
            attachment => attachment.As, (attachment, name) => attachment.As = name, unit: "NAME"),
        new FlagSetting<AttachmentSettings>(
            "stack", "NICs: put the kernel's stack behind the interface (netmap:INTERFACE^) on the switch as well.",
            attachment => attachment.Stack, (attachment, stack) => attachment.Stack = stack)
        {
            Option = "host",
        },
        .. OfShape<AttachmentSettings>(),
        .. OfVlans<AttachmentSettings>(),
        OfHost<AttachmentSettings>(attachment => attachment.Host, (attachment, host) => attachment.Host = host),
    ]);

    /// <summary>A virtual machine, but for its ports.</summary>
    public static SettingTable<VmSettings> Vm { get; } = new(
        new WholeSetting<VmSettings>(
            "memory_mib", "The guest's memory in MiB.", new(32, 16 << 20), vm => vm.MemoryMiB, (vm, memory) =>
                vm.MemoryMiB = (int)memory)
        {
            Option = "memory",
        },
        new WholeSetting<VmSettings>(
            "patience", "Seconds that QEMU waits for the daemon before it gives a device up for good.", new(5, 3600),
            vm => vm.PatienceSeconds, (vm, patience) => vm.PatienceSeconds = (int)patience, unit: "SECONDS"),
        new TextSetting<VmSettings>(
            "guest", "The guest's system; freebsd: with the PCI Express port that it needs for MSI-X.", vm => vm.Guest,
            (vm, guest) => vm.Guest = guest)
        {
            Words = ["linux", "freebsd"],
        },
        new FlagSetting<VmSettings>(
            "iommu", "With a virtual IOMMU: 'ptnet guest' in the VM then has MSI-X (kernel: intel_iommu=on).", vm =>
                vm.Iommu,
            (vm, iommu) => vm.Iommu = iommu));

    /// <summary>All tables whose settings the API takes as JSON.</summary>
    internal static IReadOnlyList<ISettingTable> OfApi { get; } = [Domain, Port, Pipe, End, Bridge, Attachment, Host,
        Guest];

    private static TextSetting<T> Name<T>(string key, string help, Func<T, string?> get, Action<T, string> set,
        Func<string, string?> rule)
        where T : new() => new(key, help, get, set) { IsRequired = true, Rule = rule };

    private static TableSetting<T, HostSettings> OfHost<T>(Func<T, HostSettings?> get, Action<T, HostSettings> set)
        where T : new() => new("host", "What an interface, or a capture, is to be.", Host, get, set);

    private static Setting<T>[] OfShape<T>()
        where T : IShapeSettings, new() =>
    [
        new TextSetting<T>(
            "domain", "Trust domain to be part of. Default: a region of its own, of the right size.",
            shape => shape.Domain, (shape, domain) => shape.Domain = domain, unit: "NAME"),
        new WholeSetting<T>("rings", "Ring pairs.", Rings, shape => shape.Rings,
            (shape, rings) => shape.Rings = (int)rings, unit: "N"),
        new WholeSetting<T>("slots", "Slots a ring.", Slots, shape => shape.Slots,
            (shape, slots) => shape.Slots = (int)slots, unit: "N"),
        new TextSetting<T>(
            "policy", "What the sync loops do when they run dry. Default: the daemon's.",
            shape => shape.Policy, (shape, policy) => shape.Policy = policy)
        {
            Words = Policies,
        },
    ];

    private static Setting<T>[] OfVlans<T>()
        where T : IVlanSettings, new() =>
    [
        new WholeSetting<T>(
            "vlan", "Switch's port: an access port, whose frames have no tag and are of this VLAN.", new(1,
                VlanRange.MaxVlan),
            port => port.Vlan, (port, vlan) => port.Vlan = (int)vlan, unit: "VLAN"),
        new VlansSetting<T>(
            "trunk", "Switch's port: a trunk, whose frames have tags of these VLANs. Default: all.", port => port.Trunk,
            (port, vlans) => port.Trunk = vlans, unit: "VLAN,..."),
        new WholeSetting<T>(
            "native", "The VLAN of a trunk's frames without a tag. Default: none; they are dropped.", new(1,
                VlanRange.MaxVlan),
            port => port.Native, (port, vlan) => port.Native = (int)vlan, unit: "VLAN"),
    ];

    private static Setting<T>[] OfEnd<T>()
        where T : EndSettings, new() =>
    [
        new TextSetting<T>("mac", "The guest's address. Default: derived from the name.", end => end.Mac,
            (end, mac) => end.Mac = mac)
        {
            Unit = "ADDRESS",
            Rule = NameRules.UnicastFault,
        },
        new TextSetting<T>(
            "bar", "Kind of the register BAR: io for every driver, memory for cheaper kicks (Linux guests).",
            end => end.Bar, (end, bar) => end.Bar = bar)
        {
            Words = ["io", "memory"],
        },
        new FlagSetting<T>(
            "allow_unsealed_memory", "Take a CSB in guest memory that QEMU could shrink (no memory-backend-memfd).",
            end => end.AllowUnsealedMemory, (end, allow) => end.AllowUnsealedMemory = allow),
        new TextSetting<T>(
            "transport", "How guests come in. Default: a device for QEMU, or a thread when a program is named.",
            end => end.Transport, (end, transport) => end.Transport = transport, unit: "qemu|thread|none"),
        new TableSetting<T, GuestSettings>("guest", "A guest thread of the daemon.", Guest, end => end.Guest,
            (end, guest) => end.Guest = guest),
    ];
}
