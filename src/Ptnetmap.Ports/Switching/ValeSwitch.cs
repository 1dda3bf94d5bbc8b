using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Ports.Switching;

/// <summary>A VALE switch, netmap's in-host Ethernet switch: frames are copied from the sender's region into the
/// receivers', which need not trust each other. Ports join and leave while traffic flows.</summary>
public abstract class ValeSwitch
{
    /// <summary>The most ports of one switch.</summary>
    public const int MaxPorts = PortBits.MaxPorts;

    private readonly Lock _lock = new();
    private PortSet _ports = PortSet.Empty;

    private protected ValeSwitch(string name) => Name = name;

    /// <summary>Its name: <c>vale0</c>.</summary>
    public string Name { get; }

    /// <summary>Its ports now, by number.</summary>
    public IReadOnlyList<SwitchPort> Members => Ports.Members;

    internal PortSet Ports => Volatile.Read(ref _ports);

    /// <summary>A VALE switch as netmap's: learning, with the default ageing time.</summary>
    public static ValeSwitch Create(string name) => Create(name, ForwardingTable.DefaultAgeing, TimeProvider.System);

    /// <summary>A learning switch with an ageing time and a clock of the caller's choice.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="ageing"/> is not positive.</exception>
    public static ValeSwitch<LearningLookup> Create(string name, TimeSpan ageing, TimeProvider clock) =>
        new(name, new LearningLookup(new ForwardingTable(ageing, clock)));

    /// <summary>Sends what waits in a ring of one of its ports, at most <paramref name="budget"/> slots of it.</summary>
    internal abstract SyncStatus Forward(ValePass pass, uint budget);

    /// <summary>Gives <paramref name="port"/> the lowest free number, and then makes it reachable: a pass that finds it finds
    /// it whole.</summary>
    /// <exception cref="SwitchException">There is none, or the name is taken.</exception>
    internal void Join(SwitchPort port)
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
            ForgetPort(number);
        }
    }

    /// <summary>Says how many addresses are learned of a port.</summary>
    internal abstract void LimitAddresses(int number, int most);

    private protected abstract void ForgetPort(int number);
}
