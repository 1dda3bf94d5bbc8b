using Ptnetmap.Memory;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Ports.Switching;

/// <summary>The host's VALE switches by name. A switch comes to be with its first port and goes with its
/// last.</summary>
/// <param name="quiescence">The one of all ports that may send to each other.</param>
/// <param name="create">Makes a switch of a name; null: a learning switch.</param>
public sealed class SwitchTable(Quiescence quiescence, Func<string, ValeSwitch>? create = null)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ValeSwitch> _switches = new(StringComparer.Ordinal);
    private readonly Func<string, ValeSwitch> _create = create ?? ValeSwitch.Create;

    /// <summary>The switches that have ports.</summary>
    public IReadOnlyList<ValeSwitch> Switches
    {
        get
        {
            lock (_lock)
            {
                return [.. _switches.Values];
            }
        }
    }

    /// <summary>Opens the port <c>SWITCH:PORT</c> in <paramref name="region"/>, and the switch if it is the
    /// first.</summary>
    /// <exception cref="SwitchException">See <see cref="ValeSwitch.Join"/>.</exception>
    /// <exception cref="RegionLimitException">The region has not enough left.</exception>
    public ValePort OpenPort(string switchName, string portName, MemoryRegion region, PortShape shape,
        PortVlans? vlans = null)
    {
        lock (_lock)
        {
            if (!_switches.TryGetValue(switchName, out ValeSwitch? vale))
            {
                vale = _create(switchName);
            }

            ValePort port = ValePort.Create(vale, portName, region, shape, quiescence, vlans, PortLeft);
            _switches[switchName] = vale;
            return port;
        }
    }

    private void PortLeft(ValeSwitch vale)
    {
        lock (_lock)
        {
            // The name may be a younger switch's by now: two ports that leave at once both find the switch empty.
            if (vale.Members.Count == 0 && _switches.GetValueOrDefault(vale.Name) == vale)
            {
                _switches.Remove(vale.Name);
            }
        }
    }
}
