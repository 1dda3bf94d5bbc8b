using Ptnetmap.HostPorts.Ledger;
using Ptnetmap.HostPorts.Supervision;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.HostPorts.Tap;

/// <summary>A TAP port and its interface. It follows the interface wherever it goes and whatever it is called; one that
/// somebody deletes is not made again, but when its namespace was deleted it is, where it is wanted, once that is
/// there. One that only leads to another interface's stack is made anew whatever becomes of it: it is of no use
/// elsewhere.</summary>
public sealed class TapLink : HostLink
{
    private const string NoteOfDeleted = "the interface was deleted; close the port and add it again";

    private readonly TapPort _port;
    private readonly TapPortOptions _options;
    private readonly NicLedger? _ledger;
    private volatile TapInterface? _interface;
    private volatile string _name;
    private volatile string? _space;
    private bool _isDeleted;

    /// <summary>Has nothing yet: a <see cref="NicSupervisor"/> opens it.</summary>
    /// <param name="port">The port.</param>
    /// <param name="options">What the interface is to be.</param>
    /// <param name="ledger">Where changes in interfaces are noted, in case this process is killed; null:
    /// nowhere.</param>
    public TapLink(TapPort port, TapPortOptions options, NicLedger? ledger = null)
        : base(port, options.NetworkNamespace)
    {
        (_port, _options, _ledger) = (port, options, ledger);
        (_name, _space) = (options.StackOf ?? options.Interface, options.NetworkNamespace);
    }

    /// <inheritdoc/>
    public override InterfacePort Port => _port;

    /// <inheritdoc/>
    public override string InterfaceName => _name;

    /// <inheritdoc/>
    public override string? Namespace => _space;

    /// <inheritdoc/>
    public override HostPortState Describe()
    {
        TapInterface? tap = _interface;
        bool isThere = tap is { IsThere: true };
        LinkInfo? own = isThere ? Read(tap!.Index) : null;
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
            Note = tap is null || isThere ? Note : NoteOfDeleted,
            Kernel = own is null ? null : shown?.Statistics,
        };
    }

    /// <inheritdoc/>
    internal override bool MayOpen()
    {
        if (_isDeleted)
        {
            return false;
        }

        if (_options.StackOf is { } stack && In(() => FindByName(stack)) is null)
        {
            _name = stack;
            Wait($"there is no interface {stack}");
            return false;
        }

        return true;
    }

    /// <inheritdoc/>
    internal override void Open()
    {
        TapInterface tap = TapInterface.Open(Place!, _options, _ledger);
        _interface = tap;
        _port.Connect(tap.Devices);
        Look(tap);
    }

    /// <inheritdoc/>
    internal override void Look()
    {
        Follow();
        if (_interface is not { } tap)
        {
            TryOpen();
        }
        else if (!tap.IsThere)
        {
            Lose();
        }
        else
        {
            Look(tap);
        }
    }

    /// <inheritdoc/>
    internal override bool Concerns(LinkInfo link) =>
        _interface is { } tap
            ? link.Index == tap.Index || link.Index == tap.StackIndex
            : _options.StackOf is { } stack && string.Equals(link.Name, stack, StringComparison.Ordinal);

    /// <inheritdoc/>
    internal override void Renew() => Look();

    /// <inheritdoc/>
    internal override void LeavePlace()
    {
        base.LeavePlace();
        _isDeleted = false;
        _space = WantedNamespace;
    }

    /// <inheritdoc/>
    private protected override IHeldInterface? Take()
    {
        TapInterface? tap = _interface;
        _interface = null;
        return tap;
    }

    /// <inheritdoc/>
    /// <remarks>A TAP that is moved works on; who waits for its events has to wait elsewhere.</remarks>
    private protected override void Follow()
    {
        if (_interface is not { } tap || tap.Devices[0].TryOpenNamespace() is not { } space)
        {
            return;
        }

        ulong id = space.Id;
        if (id == Place!.Id)
        {
            space.Dispose();
        }
        else if (tap.StackIndex != 0)
        {
            space.Dispose();
            Close();
        }
        else
        {
            Move(NicPlace.Of(space));
            _space = NamespaceNames.NameOf(id);
            tap.Move(Place!, _space);
        }
    }

    private static LinkInfo? FindByName(string name)
    {
        using var links = new Links();
        return links.TryGet(name);
    }

    private LinkInfo? Read(int index) => Place?.Reader.TryGet(index);

    private void Look(TapInterface tap)
    {
        LinkInfo? own = Read(tap.Index);
        LinkInfo? shown = tap.StackIndex == 0 ? own : Read(tap.StackIndex);
        if (shown is null && tap.StackIndex != 0)
        {
            // The other interface whose stack this was; one of the name that is wanted may be there.
            Close();
            TryOpen();
        }
        else if (own is not null)
        {
            _name = shown!.Name;
            tap.FitMtu(shown.Mtu);
            _port.FitMtu();
            SetBy(own);
        }
        else if (tap.Devices[0].TryOpenNamespace() is { } space)
        {
            // It was moved just now: the event of that is still to come.
            space.Dispose();
        }
        else
        {
            Lose();
        }
    }

    // It was deleted, or is in a namespace that is about to end.
    private void Lose()
    {
        if (_options.StackOf is not null)
        {
            Close();
            TryOpen();
            return;
        }

        // Who looks meanwhile is to see why.
        _isDeleted = true;
        Wait(NoteOfDeleted);
        Close();
    }
}
