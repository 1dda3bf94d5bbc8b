using Ptnetmap.Linux;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.HostPorts.Xdp;

/// <summary>Rules in a NIC by which the frames of a filter are received on one queue, as long as this object lives. The
/// NIC keeps them when the process is killed: a ledger of changes has the next one remove them.</summary>
public sealed class FlowSteering : IDisposable
{
    private readonly EthtoolDevice _device;
    private readonly List<uint> _locations = [];
    private bool _isRemoved;

    private FlowSteering(EthtoolDevice device, NicFilter filter, int queue)
    {
        _device = device;
        Filter = filter;
        Queue = queue;
    }

    /// <summary>Which frames.</summary>
    public NicFilter Filter { get; }

    /// <summary>To which queue.</summary>
    public int Queue { get; }

    /// <summary>Where the rules are in the NIC's table; without those that were there before.</summary>
    public IReadOnlyList<uint> Locations => _locations;

    /// <summary>Sets the rules of a filter. One that is there already, because somebody set it by hand, does its work
    /// and is left when this object goes.</summary>
    /// <param name="device">The NIC; it stays the caller's, and has to live longer than what is returned.</param>
    /// <param name="filter">Which frames.</param>
    /// <param name="queue">To which queue.</param>
    /// <exception cref="LinuxException">The driver cannot do that, or not all of it; nothing has changed
    /// then.</exception>
    public static FlowSteering Install(EthtoolDevice device, NicFilter filter, int queue)
    {
        var steering = new FlowSteering(device, filter, queue);
        try
        {
            foreach (FlowRule rule in RulesOf(filter, queue))
            {
                if (!device.HasRule(rule))
                {
                    steering._locations.Add(device.InsertRule(rule));
                }
            }

            return steering;
        }
        catch
        {
            steering.Dispose();
            throw;
        }
    }

    /// <summary>The rules of a filter: one for each IP version and transport that it is about, or one for the Ethernet
    /// header; none for everything.</summary>
    /// <exception cref="LinuxException">No rule of a NIC says that.</exception>
    public static IEnumerable<FlowRule> RulesOf(NicFilter filter, int queue)
    {
        if (filter.Protocol is not null)
        {
            throw new LinuxException($"filter '{filter}': NICs have rules for MAC, VLAN, EtherType and ports, and " +
                "none for a protocol alone");
        }

        if (filter == NicFilter.Everything)
        {
            return [];
        }

        var common = new FlowRule { Kind = FlowKind.Ethernet, Queue = queue, Mac = filter.Mac, Vlan = filter.Vlan };
        bool four = filter.EtherType is null or Ethernet.Ipv4;
        bool six = filter.EtherType is null or Ethernet.Ipv6;
        return filter.NeedsPort
            ? OfPort(common, filter.UdpPort, four ? FlowKind.Udp4 : null, six ? FlowKind.Udp6 : null)
                .Concat(OfPort(common, filter.TcpPort, four ? FlowKind.Tcp4 : null, six ? FlowKind.Tcp6 : null))
            : [common with { EtherType = filter.EtherType }];
    }

    /// <summary>Removes the rules.</summary>
    public void Dispose()
    {
        if (_isRemoved)
        {
            return;
        }

        _isRemoved = true;
        foreach (uint location in _locations)
        {
            try
            {
                _ = _device.TryDeleteRule(location);
            }
            catch (LinuxException)
            {
                // The interface is gone, and its rules with it.
            }
        }
    }

    private static IEnumerable<FlowRule> OfPort(FlowRule common, int? port, params FlowKind?[] kinds) =>
        from kind in kinds
        where port is not null && kind is not null
        select common with { Kind = kind.Value, Port = port };
}
