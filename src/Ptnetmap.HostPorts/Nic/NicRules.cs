using Ptnetmap.HostPorts.Ledger;
using Ptnetmap.HostPorts.Supervision;
using Ptnetmap.HostPorts.Xdp;
using Ptnetmap.Linux;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.HostPorts.Nic;

/// <summary>The rules by which a NIC brings a port's filter to its queue, if it can, and the notes of them in case the
/// process is killed. A port with one queue of several and a filter wants the filter's frames there. Not every driver
/// can: then they come to whatever queue the NIC's hash says, and the port is told so.</summary>
internal sealed class NicRules : IDisposable
{
    private readonly EthtoolDevice _device;
    private readonly InterfaceProgram _program;
    private readonly FlowSteering? _steering;
    private readonly string? _space;
    private string _name;
    private InterfaceIdentity _identity;

    /// <summary>Sets them.</summary>
    /// <param name="device">The NIC; it stays the caller's, and has to live longer.</param>
    /// <param name="link">The same.</param>
    /// <param name="options">What the port is to have.</param>
    /// <param name="program">Knows where the interface is.</param>
    internal NicRules(EthtoolDevice device, LinkInfo link, NicOptions options, InterfaceProgram program)
    {
        (_device, _program, _space, _name, _identity) =
            (device, program, options.Namespace, link.Name, InterfaceIdentity.Of(link));
        if (options.AllQueues || options.Filter == NicFilter.Everything)
        {
            return;
        }

        try
        {
            _steering = FlowSteering.Install(device, options.Filter, options.FirstQueue);
            ForEach(change => program.Ledger?.Add(change));
        }
        catch (LinuxException refusal)
        {
            Note = $"the NIC does not steer {options.Filter} to queue {options.FirstQueue}: {refusal.Message}";
        }
        catch
        {
            _steering?.Dispose();
            throw;
        }
    }

    /// <summary>Why the NIC does not bring the filter's frames to the port's queue by itself; null when it does, or
    /// when there is nothing to steer.</summary>
    internal string? Note { get; }

    /// <summary>What is still set after the end, where, and what undoes it; null: nothing.</summary>
    internal string? Left { get; private set; }

    /// <summary>The interface is called so, and has this address, now: what is noted of it is noted by them.</summary>
    internal void Rename(LinkInfo link)
    {
        InterfaceIdentity identity = InterfaceIdentity.Of(link);
        ForEach(change => _program.Ledger?.Replace(change, change with { Interface = link.Name, Identity = identity }));
        (_name, _identity) = (link.Name, identity);
    }

    /// <summary>Removes them, wherever the interface is now. Those that cannot be reached stay noted.</summary>
    public void Dispose()
    {
        if (_steering is null)
        {
            return;
        }

        using MovedInterface? moved = _program.FindMoved(out bool isLost);
        if (isLost)
        {
            Left = $"{_name} was moved to " +
                $"{MovedInterface.Nowhere}, and is left there with rules for {_steering.Filter} (" +
                $"{string.Join("; ", _steering.Locations.Select(at => $"ethtool -N {_name} delete {at}"))} in that " +
                "namespace undoes it)";
            return;
        }

        moved?.Space.Run(() => _device.Move(moved.Link.Name, moved.Link.Index));
        _steering.Dispose();
        ForEach(change => _program.Ledger?.Remove(change));
    }

    private void ForEach(Action<FlowRuleChange> action)
    {
        foreach (uint location in _steering?.Locations ?? [])
        {
            action(new FlowRuleChange(_name, _space, _identity, location, _steering!.Queue,
                _steering.Filter.ToString()));
        }
    }
}
