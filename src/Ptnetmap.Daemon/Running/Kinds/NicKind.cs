using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Daemon.Hosting;
using Ptnetmap.HostPorts.Nic;
using Ptnetmap.HostPorts.Xdp;
using Ptnetmap.Memory;
using Ptnetmap.Ports;

namespace Ptnetmap.Daemon.Running.Kinds;

/// <summary>Queues of NICs: all of an interface, a ring pair each, or one of them.</summary>
public sealed class NicKind(Host host) : IPortKind
{
    /// <inheritdoc/>
    public string Pattern => "netmap:INTERFACE or netmap:INTERFACE-QUEUE";

    /// <inheritdoc/>
    public bool Opens(PortName name) =>
        name is { Kind: PortNameKind.Interface, Rings: RingChoice.All or RingChoice.One, Pipe: PipeEnd.None };

    /// <inheritdoc/>
    public IEnumerable<Fault> Check(PortName name, PortSettings settings)
    {
        if (settings.Host is { Mtu: not null } or { Mac: not null } or { Persistent: true })
        {
            yield return new Fault("host", "MTU and MAC are the interface's own, and nothing of it persists");
        }

        if (name.Rings == RingChoice.One && settings.Rings != 1)
        {
            yield return new Fault("rings",
                $"{settings.Rings}: '{settings.Name}' names one queue, which is one ring pair");
        }
    }

    /// <inheritdoc/>
    public IPreparedPort Prepare(PortName name, PortSettings settings) =>
        new PreparedPort(region => Open(name, settings, region));

    private Port Open(PortName name, PortSettings settings, MemoryRegion region)
    {
        HostSettings wanted = settings.Host ?? new HostSettings();
        var options = new NicOptions
        {
            Interface = wanted.Interface ?? name.Part,
            Namespace = wanted.Netns,
            FirstQueue = name.Rings == RingChoice.One ? name.Ring : 0,
            Queues = settings.Rings,
            AllQueues = name.Rings == RingChoice.All,
            Wanted = ModeOf(wanted.Mode),
            Filter = wanted.Filter is null ? NicFilter.Everything : NicFilter.Parse(wanted.Filter),
            BusyPoll = wanted.BusyPoll,
            CompletesChecksums = wanted.Checksums switch { "on" => true, "off" => false, _ => null },
            Promiscuous = wanted.Promiscuous,
        };
        NicPort port =
            NicPort.Create(settings.Name, region, PortShape.Symmetric(settings.Rings, settings.Slots), host.Quiescence);
        return host.Supervise(new NicLink(port, options, host.Programs));
    }

    private static NicMode? ModeOf(string word) => word switch
    {
        "zero-copy" => NicMode.ZeroCopy,
        "copy" => NicMode.Copy,
        "generic" => NicMode.Generic,
        _ => null,
    };
}
