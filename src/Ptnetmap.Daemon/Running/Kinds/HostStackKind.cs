using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Daemon.Hosting;
using Ptnetmap.HostPorts.Tap;
using Ptnetmap.Memory;
using Ptnetmap.Ports;

namespace Ptnetmap.Daemon.Running.Kinds;

/// <summary>The kernel stack's side of interfaces.</summary>
public sealed class HostStackKind(Host host) : IPortKind
{
    /// <inheritdoc/>
    public string Pattern => "netmap:INTERFACE^";

    /// <inheritdoc/>
    public bool Opens(PortName name) =>
        name is { Kind: PortNameKind.Interface, Rings: RingChoice.Host, Pipe: PipeEnd.None };

    /// <inheritdoc/>
    public IEnumerable<Fault> Check(PortName name, PortSettings settings) =>
        settings.Host is { Mtu: not null } or { Mac: not null } or { Persistent: true }
            ? [new Fault("host", "MTU and MAC are the interface's own, and nothing of it persists")]
            : [];

    /// <inheritdoc/>
    public IPreparedPort Prepare(PortName name, PortSettings settings) =>
        new PreparedPort(region => Open(name, settings, region));

    private Port Open(PortName name, PortSettings settings, MemoryRegion region)
    {
        var options = new TapPortOptions
        {
            Interface = "ptnet%d",
            Queues = settings.Rings,
            Slots = settings.Slots,
            NetworkNamespace = settings.Host?.Netns,
            StackOf = settings.Host?.Interface ?? name.Part,
        };
        TapPort port = TapPort.Create(settings.Name, region, options, host.Quiescence);
        return host.Supervise(new TapLink(port, options, host.Ledger));
    }
}
