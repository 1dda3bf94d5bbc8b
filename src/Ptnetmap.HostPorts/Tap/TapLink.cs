using Ptnetmap.HostPorts.Ledger;
using Ptnetmap.HostPorts.Supervision;
using Ptnetmap.Linux;
using Ptnetmap.Linux.Net;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.HostPorts.Tap;

/// <summary>A TAP port and its interface. It follows the interface wherever it goes and whatever it is called; one that somebody deletes
/// is not made again, but when its namespace was deleted and comes again, it is.</summary>
internal sealed class TapLink : HostLink
{
    private readonly TapPort _port;
    private readonly TapPortOptions _options;
    private readonly NicLedger? _ledger;
    private readonly NicSupervisor? _supervisor;
    private volatile TapInterface? _interface;
    private volatile string _name;
    private volatile string? _space;
    private bool _isDeleted;

    internal TapLink(TapPort port, TapPortOptions options, NicLedger? ledger, NicSupervisor? supervisor)
        : base(port.Name, options.NetworkNamespace)
    {
        (_port, _options, _ledger, _supervisor) = (port, options, ledger, supervisor);
        (_name, _space) = (options.StackOf ?? options.Interface, options.NetworkNamespace);
    }

    /// <inheritdoc/>
    public override string InterfaceName => _name;

    /// <inheritdoc/>
    public override string? Namespace => _space;

    /// <summary>The interface of the kernel's that frames go to: the TAP's own, until it is had as it is wanted.</summary>
    internal TapInterface? Interface => _interface;

    /// <summary>All that there is to say of it, with the kernel's counters.</summary>
    internal HostPortState Describe()
    {
        TapInterface? tap = _interface;
        LinkInfo? own = tap is not null && tap.IsThere ? Read(tap.Index) : null;
        LinkInfo? shown = tap is null || tap.StackIndex == 0 ? own : Read(tap.StackIndex);
        return new HostPortState
        {
            Interface = shown?.Name ?? _name,
            Link = own is null ? "gone" : own is { IsUp: true, HasCarrier: true } ? "up" : "down",
            Mode = _options.StackOf is null ? "tap" : "host stack",
            Mtu = own?.Mtu,
            Mac = own?.Mac?.ToString(),
            Queues = _options.Queues,
            NetworkNamespace = _space,
            Note = own is null && State != NicState.Gone ? NoteOfDeleted : Note,
            Kernel = own is null ? null : shown?.Statistics,
        };
    }

    /// <summary>Gives the interface back.</summary>
    internal void Release()
    {
        if (_supervisor is null)
        {
            LeavePlace();
        }
        else
        {
            _supervisor.Remove(this);
        }
    }

    /// <inheritdoc/>
    internal override void Open(bool waits)
    {
        if (_isDeleted)
        {
            return;
        }

        if (waits && _options.StackOf is { } stack && In(() => FindByName(stack)) is null)
        {
            Set(NicState.Gone, $"there is no interface {stack}");
            return;
        }

        TapInterface tap = In(() => TapInterface.Open(_options, _ledger));
        _interface = tap;
        _port.Connect(tap.Devices);
        Look(tap);
    }

    /// <inheritdoc/>
    internal override void Look()
    {
        if (_interface is not { } tap)
        {
            TryOpen();
        }
        else if (!tap.IsThere)
        {
            Close();
            _isDeleted = true;
            Set(NicState.Gone, NoteOfDeleted);
        }
        else
        {
            Follow(tap);
            Look(tap);
        }
    }

    /// <inheritdoc/>
    internal override bool Concerns(LinkInfo link) =>
        _interface is { } tap
            ? link.Index == tap.Index || link.Index == tap.StackIndex
            : _options.StackOf is { } stack && string.Equals(link.Name, stack, StringComparison.Ordinal);

    /// <inheritdoc/>
    internal override void Close()
    {
        TapInterface? tap = _interface;
        _interface = null;
        new Teardown()
            .Step($"port {PortName}", _port.Disconnect)
            .Step($"interface {_name}", () =>
            {
                if (tap is not null && _port.HasStuckPass)
                {
                    // Its descriptor's number would become another file's under a pass that does not end.
                    Quiescence.Keep(tap);
                }
                else if (Place is { } place)
                {
                    tap?.Close(place);
                }
            })
            .Finish();
    }

    /// <inheritdoc/>
    internal override void LeavePlace()
    {
        base.LeavePlace();
        _isDeleted = false;
        _space = WantedNamespace;
    }

    private static string NoteOfDeleted => "the interface was deleted; close the port and add it again";

    private static LinkInfo? FindByName(string name)
    {
        using var links = new Links();
        return links.TryGet(name);
    }

    private LinkInfo? Read(int index) => Place?.Reader.TryGet(index);

    private void Look(TapInterface tap)
    {
        LinkInfo? shown = Read(tap.StackIndex == 0 ? tap.Index : tap.StackIndex);
        LinkInfo? own = Read(tap.Index);
        if (shown is null || own is null)
        {
            // The other interface whose stack this was; one of the name that is wanted may come.
            Close();
            _name = _options.StackOf ?? _name;
            Set(NicState.Gone, $"there is no interface {_name}");
            return;
        }

        _name = shown.Name;
        tap.FitMtu(shown.Mtu);
        _port.FitMtu();
        Set(own.IsUp ? NicState.Up : NicState.Down, own.IsUp ? null : $"{own.Name} is set down (ip link set {own.Name} up)");
    }

    // A TAP that is moved works on; who waits for its events has to wait elsewhere.
    private void Follow(TapInterface tap)
    {
        if (tap.Devices[0].TryOpenNamespace() is not { } space)
        {
            return;
        }

        ulong id = space.Id;
        if (id == Place!.Id)
        {
            space.Dispose();
            return;
        }

        Move(NicPlace.Of(space));
        _space = NamespaceNames.NameOf(id);
        In(() =>
        {
            tap.Move(_space);
            return true;
        });
    }
}
