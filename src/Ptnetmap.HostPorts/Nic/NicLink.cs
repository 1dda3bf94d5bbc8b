using Ptnetmap.HostPorts.Supervision;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.HostPorts.Nic;

/// <summary>A NIC port and its interface.</summary>
public sealed class NicLink : HostLink
{
    private readonly InterfacePrograms _programs;
    private volatile NicDevice? _device;
    private volatile string _name;
    private bool _isHad;
    private int _index;
    private string? _movedTo;

    /// <summary>Has nothing yet: a <see cref="NicSupervisor"/> opens it.</summary>
    /// <param name="port">The port.</param>
    /// <param name="options">What it is to have.</param>
    /// <param name="programs">The programs of interfaces that other ports have queues of.</param>
    public NicLink(NicPort port, NicOptions options, InterfacePrograms programs)
        : base(port, options.Namespace)
    {
        Port = port;
        Options = options;
        _programs = programs;
        _name = options.Interface;
    }

    /// <inheritdoc/>
    public override NicPort Port { get; }

    /// <summary>What it is to have.</summary>
    public NicOptions Options { get; }

    /// <summary>What it has; null while there is no such interface.</summary>
    public NicDevice? Device => _device;

    /// <inheritdoc/>
    public override string InterfaceName => _name;

    /// <summary>Whether the interface is there and has a carrier, as of now.</summary>
    public bool HasCarrier => Find() is { HasCarrier: true };

    /// <inheritdoc/>
    public override HostPortState Describe()
    {
        NicDevice? device = _device;
        LinkInfo? link = device is null ? null : Place?.Reader.TryGet(device.Link.Index);
        return new HostPortState
        {
            Interface = link?.Name ?? _name,
            Link = State switch { NicState.Up => "up", NicState.Gone => "gone", _ => "down" },
            Mode = device is null ? "none" : NicCounters.NameOf(device.Mode),
            Mtu = link?.Mtu ?? device?.Link.Mtu,
            Mac = (link ?? device?.Link)?.Mac?.ToString(),
            Queues = Options.Queues,
            NetworkNamespace = Options.Namespace,
            Note = Note ?? NicCounters.NoteOf(device),
            Counters = NicCounters.Read(Port, device),
            Kernel = link?.Statistics,
        };
    }

    /// <inheritdoc/>
    internal override bool MayOpen()
    {
        LinkInfo? link = Find();
        _index = link?.Index ?? 0;
        if (link is { IsUp: true })
        {
            return true;
        }

        if (link is null)
        {
            Wait(_movedTo is { } place ? $"{Options.Interface} was moved to {place}" : Options.NotThere);
        }
        else
        {
            _movedTo = null;
            SetBy(link);
        }

        return false;
    }

    /// <inheritdoc/>
    internal override void Open()
    {
        LinkInfo? link = Find();
        if (link is { IsUp: false })
        {
            _index = link.Index;
            SetBy(link);
            return;
        }

        NicOptions options = link is null ? Options : Options with { Interface = link.Name };
        NicDevice device = In(() => NicDevice.Open(PortName, options, Port.Umem, Port.RxRings[0].SlotCount, _programs));
        _device = device;
        (_isHad, _index, _name, _movedTo) = (true, device.Link.Index, device.Link.Name, null);
        Port.Connect(device.Queues, device.Link.Mtu, device.CompletesChecksums);
        SetBy(device.Link);
    }

    /// <inheritdoc/>
    internal override void Look()
    {
        LinkInfo? link = Find();
        if (_isHad && (link is null || _device is { IsBound: false }))
        {
            // Kept: a move is several events, and none but the first finds a device that could tell where it went.
            _movedTo = _device?.FindPlace();
            Close();
            Forget();
            link = null;
        }

        if (_device is not { } device)
        {
            TryOpen();
            return;
        }

        device.Rename(link!);
        _name = link!.Name;
        Port.SetMtu(link.Mtu);
        SetBy(link);
        if (link.IsUp)
        {
            // Whether or not it was down when looked at last: it may have been since, and be up again.
            Port.LinkUp();
        }
    }

    /// <inheritdoc/>
    internal override bool Concerns(LinkInfo link) =>
        link.Index == _index || (!_isHad && string.Equals(link.Name, Options.Interface, StringComparison.Ordinal));

    /// <inheritdoc/>
    /// <remarks>It is the same interface that is opened again, whatever it is called by now.</remarks>
    internal override void Renew()
    {
        NicDevice? before = _device;
        Look();
        if (before is not null && _device == before)
        {
            Close();
            TryOpen();
        }
    }

    /// <inheritdoc/>
    internal override void LeavePlace()
    {
        base.LeavePlace();
        Forget();
        _movedTo = null;
    }

    /// <inheritdoc/>
    private protected override IHeldInterface? Take()
    {
        NicDevice? device = _device;
        _device = null;
        return device;
    }

    private void Forget() => (_isHad, _index, _name) = (false, 0, Options.Interface);

    // What it has, by number; else what it wants, by name.
    private LinkInfo? Find() => In(() =>
    {
        using var links = new Links();
        return _isHad ? links.TryGet(_index) : links.TryGet(Options.Interface);
    });
}
