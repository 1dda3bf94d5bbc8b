using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Memory;
using Ptnetmap.Ports.Switching;

namespace Ptnetmap.Daemon.Running.Kinds;

/// <summary>Ports of VALE switches.</summary>
/// <param name="switches">The switches.</param>
/// <param name="settingsOf">A switch's settings by its name.</param>
public sealed class ValeKind(SwitchTable switches, Func<string, SwitchSettings> settingsOf) : IPortKind
{
    /// <inheritdoc/>
    public string Pattern => "vale0:NAME";

    /// <inheritdoc/>
    public bool Opens(PortName name) => name.Kind == PortNameKind.Vale;

    /// <inheritdoc/>
    public IEnumerable<Fault> Check(PortName name, PortSettings settings) => [];

    /// <inheritdoc/>
    public IPreparedPort Prepare(PortName name, PortSettings settings) =>
        new PreparedPort(region => Open(name, settings, region));

    private ValePort Open(PortName name, PortSettings settings, MemoryRegion region)
    {
        ValePort port = switches.OpenPort(
            name.Switch, name.Part, region, PortShape.Symmetric(settings.Rings, settings.Slots),
            VlanRules.Of(settings));
        Limit(port, settingsOf(port.Switch.Name), isUplink: false);
        return port;
    }

    /// <summary>Sets what a port may flood and make the switch learn.</summary>
    internal static void Limit(ValePort port, SwitchSettings settings, bool isUplink)
    {
        int rate = isUplink ? settings.UplinkFloodLimit : settings.FloodLimit;
        port.LimitFloods(new FloodLimit(rate, Math.Max(rate, FloodLimit.Uplink.Burst)));
        port.LimitAddresses(isUplink ? ForwardingTable.Capacity : settings.AddressesPerPort);
    }
}
