using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Ports.Switching;

/// <summary>A VALE switch, netmap's in-host Ethernet switch: frames are copied from the sender's region into the
/// receivers', which need not trust each other. Ports join and leave while traffic flows.</summary>
public sealed class ValeSwitch
{
    /// <summary>The most ports of one switch.</summary>
    public const int MaxPorts = PortBits.MaxPorts;

    /// <summary>How long packets wait for a receiver that has no space, unless said otherwise.</summary>
    public static readonly TimeSpan DefaultPatience = TimeSpan.FromMilliseconds(20);

    private const long NanosecondsPerTick = 1_000_000 / TimeSpan.TicksPerMillisecond;

    private readonly Lock _lock = new();
    private PortSet _ports = PortSet.Empty;
    private long _patience = DefaultPatience.Ticks * NanosecondsPerTick;
    private Forwarding _forwarding;

    private ValeSwitch(string name, ForwardingTable table)
    {
        (Name, Table) = (name, table);
        _forwarding = new Forwarding<LearningLookup>(new LearningLookup(table));
    }

    /// <summary>Its name: <c>vale0</c>.</summary>
    public string Name { get; }

    /// <summary>How long packets wait at most for a receiver that has no space, before they are dropped: until it has
    /// some, and as long as it makes some. See <see cref="ReceiverPatience"/>. Zero: they are dropped at once, as
    /// netmap's are.</summary>
    public TimeSpan Patience
    {
        get => new(Volatile.Read(ref _patience) / NanosecondsPerTick);
        set => Volatile.Write(ref _patience, value.Ticks * NanosecondsPerTick);
    }

    /// <summary>Its ports now, by number.</summary>
    public IReadOnlyList<SwitchPort> Members => Ports.Members;

    /// <summary>The addresses that it has learned.</summary>
    public ForwardingTable Table { get; }

    /// <summary>True when it keeps VLANs apart: since the first port came that has VLANs of its own, and as long as it
    /// lives. Until then no pass looks at a tag.</summary>
    public bool HasVlans => Volatile.Read(ref _forwarding) is Forwarding<VlanLookup>;

    /// <summary>The VLAN that an address was seen in, on a switch that has some.</summary>
    public static int VlanOf(ForwardingEntry entry) => VlanLookup.VlanOf(entry.Key);

    internal PortSet Ports => Volatile.Read(ref _ports);

    /// <summary>A VALE switch as netmap's: learning, with the default ageing time.</summary>
    public static ValeSwitch Create(string name) => Create(name, ForwardingTable.DefaultAgeing, TimeProvider.System);

    /// <summary>A learning switch with an ageing time and a clock of the caller's choice.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="ageing"/> is not positive.</exception>
    public static ValeSwitch Create(string name, TimeSpan ageing, TimeProvider clock) =>
        new(name, new ForwardingTable(ageing, clock));

    /// <summary>Sends what waits in a ring of one of its ports, at most <paramref name="budget"/> slots of
    /// it.</summary>
    internal SyncStatus Forward(ValePass pass, uint budget) =>
        Volatile.Read(ref _forwarding).Run(pass, Ports, budget, Volatile.Read(ref _patience));

    /// <summary>Gives <paramref name="port"/> the lowest free number, and then makes it reachable: a pass that finds it
    /// finds it whole.</summary>
    /// <param name="port">The port.</param>
    /// <param name="quiescence">The one of all ports of the switch.</param>
    /// <exception cref="SwitchException">There is none, the name is taken, or a pass that knows of no VLANs does not
    /// end.</exception>
    internal void Join(SwitchPort port, Quiescence quiescence)
    {
        lock (_lock)
        {
            PortSet ports = _ports;
            if (Array.Exists(ports.Members, other => string.Equals(other.Name, port.Name, StringComparison.Ordinal)))
            {
                throw new SwitchException($"switch {Name} has a port {port.Name} already; choose another name");
            }

            int number = 1;
            while (ports[number] is not null)
            {
                number++;
            }

            if (number > MaxPorts)
            {
                throw new SwitchException(
                    $"switch {Name} has {MaxPorts} ports, the most there can be; use a second switch");
            }

            if (port.Vlans != PortVlans.Everything)
            {
                KeepVlansApart(quiescence);
            }

            port.Number = number;
            Volatile.Write(ref _ports, ports.With(port));
        }
    }

    /// <summary>Makes the port unreachable and forgets what was learned of it. Its own passes are over.</summary>
    internal void Leave(int number)
    {
        lock (_lock)
        {
            Volatile.Write(ref _ports, _ports.Without(number));
            Table.RemovePort(number);
        }
    }

    // What the ports before do with each other stays as it was, so passes may change over one by one. But none is to
    // find the port that does not know of its VLANs.
    private void KeepVlansApart(Quiescence quiescence)
    {
        if (!HasVlans)
        {
            Volatile.Write(ref _forwarding, new Forwarding<VlanLookup>(new VlanLookup(Table, PortVlans.Everything)));
        }

        if (!quiescence.Wait())
        {
            throw new SwitchException(
                $"switch {Name} cannot begin to keep VLANs apart while a pass does not end; see the log");
        }
    }
}
