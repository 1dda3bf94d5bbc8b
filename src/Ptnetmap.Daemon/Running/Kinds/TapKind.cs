using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Daemon.Hosting;
using Ptnetmap.HostPorts.Tap;
using Ptnetmap.Memory;
using Ptnetmap.Ports;

namespace Ptnetmap.Daemon.Running.Kinds;

/// <summary>TAP interfaces.</summary>
public sealed class TapKind(Host host) : IPortKind
{
    /// <inheritdoc/>
    public string Pattern => "tap:NAME";

    /// <inheritdoc/>
    public bool Opens(PortName name) => name.Kind == PortNameKind.Tap;

    /// <inheritdoc/>
    public IEnumerable<Fault> Check(PortName name, PortSettings settings) => [];

    /// <inheritdoc/>
    public IPreparedPort Prepare(PortName name, PortSettings settings) =>
        new PreparedPort(region => Open(name, settings, region));

    private Port Open(PortName name, PortSettings settings, MemoryRegion region)
    {
        HostSettings wanted = settings.Host ?? new HostSettings();
        var options = new TapPortOptions
        {
            Interface = wanted.Interface ?? name.Part,
            Queues = settings.Rings,
            Slots = settings.Slots,
            NetworkNamespace = wanted.Netns,
            Mtu = wanted.Mtu,
            Mac = MacAddress.TryParse(wanted.Mac, out MacAddress mac) ? mac : null,
            Persistent = wanted.Persistent,
        };
        TapPort port = TapPort.Create(settings.Name, region, options, host.Quiescence);
        return host.Supervise(new TapLink(port, options, host.Ledger));
    }
}
