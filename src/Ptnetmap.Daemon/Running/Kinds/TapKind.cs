using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Memory;
using Ptnetmap.Nic.Devices;
using Ptnetmap.Nic.Tap;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Daemon.Running.Kinds;

/// <summary>TAP interfaces.</summary>
public sealed class TapKind(Quiescence quiescence, NicSupervisor supervisor) : IPortKind
{
    /// <inheritdoc/>
    public string Pattern => "tap:NAME";

    /// <inheritdoc/>
    public bool Opens(PortName name) => name.Kind == PortNameKind.Tap;

    /// <inheritdoc/>
    public IEnumerable<Fault> Check(PortName name, PortSettings settings) => [];

    /// <inheritdoc/>
    public IPreparedPort Prepare(PortName name, PortSettings settings) => new PreparedPort(region => Open(name, settings, region));

    private TapPort Open(PortName name, PortSettings settings, MemoryRegion region)
    {
        HostSettings host = settings.Host ?? new HostSettings();
        var options = new TapPortOptions
        {
            Interface = host.Interface ?? name.Part,
            Queues = settings.Rings,
            Slots = settings.Slots,
            NetworkNamespace = host.Netns,
            Mtu = host.Mtu,
            Mac = MacAddress.TryParse(host.Mac, out MacAddress mac) ? mac.ToBytes() : (ReadOnlyMemory<byte>?)null,
            Persistent = host.Persistent,
        };
        return TapPort.Create(settings.Name, region, options, quiescence, supervisor);
    }
}
