using Ptnetmap.HostPorts.Supervision;
using Ptnetmap.Linux;
using Ptnetmap.Linux.Net;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.HostPorts.Nic;

/// <summary>A NIC port and its interface.</summary>
public sealed class NicLink : HostLink
{
    private readonly InterfacePrograms _programs;
    private readonly NicSupervisor _supervisor;
    private volatile NicDevice? _device;
    private volatile string _name;
    private string? _movedTo;

    internal NicLink(NicPort port, NicOptions options, InterfacePrograms programs, NicSupervisor supervisor)
        : base(port.Name, options.Namespace)
    {
        _supervisor = supervisor;
        Port = port;
        Options = options;
        _programs = programs;
        _name = options.Interface;
    }

    /// <summary>The port.</summary>
    public NicPort Port { get; }

    /// <summary>What it is to have.</summary>
    public NicOptions Options { get; }

    /// <summary>What it has; null while there is no such interface.</summary>
    public NicDevice? Device => _device;

    /// <inheritdoc/>
    public override string InterfaceName => _name;

    /// <summary>Whether the interface is there and has a carrier, as of now.</summary>
    public bool HasCarrier => In(Find) is { HasCarrier: true };

    /// <summary>All that there is to say of it, with the kernel's counters.</summary>
    public HostPortState Describe()
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

    /// <summary>Closes the device and opens it again: the kernel has nothing of the port's any more.</summary>
    internal void Renew() => _supervisor.Renew(this);

    /// <summary>Gives the interface back.</summary>
    internal void Release() => _supervisor.Remove(this);

    /// <inheritdoc/>
    internal override void Open(bool waits)
    {
        LinkInfo? link = In(Find);
        if (link is null && waits)
        {
            Set(NicState.Gone, $"there is no interface {Options.Interface}");
            return;
        }

        if (link is { IsUp: false })
        {
            Set(NicState.Down, NoteOfDown(link));
            return;
        }

        NicDevice device = In(() => NicDevice.Open(Options, Port.Umem, Port.RxRings[0].SlotCount, _programs));
        _device = device;
        _name = device.Link.Name;
        Port.Connect(device.Queues, device.Link.Mtu, device.CompletesChecksums);
        Set(NicState.Up, null);
    }

    /// <inheritdoc/>
    internal override void Look()
    {
        LinkInfo? link = In(Find);
        if (_device is { } had && (link is null || !had.IsBound))
        {
            // Kept: a move is several events, and none but the first finds a device that could tell where it went.
            _movedTo = had.FindPlace();
            Close();
            link = In(Find);
        }

        if (link is null)
        {
            Set(NicState.Gone, _movedTo is { } place ? $"{Options.Interface} was moved to {place}" : Options.NotThere);
            return;
        }

        _movedTo = null;
        if (_device is { } device)
        {
            device.Rename(link);
            _name = link.Name;
            Port.SetMtu(link.Mtu);
            Set(link.IsUp ? NicState.Up : NicState.Down, link.IsUp ? null : NoteOfDown(link));
            if (link.IsUp)
            {
                // Whether or not it was down when looked at last: it may have been since, and be up again.
                Port.LinkUp();
            }
        }
        else
        {
            TryOpen();
        }
    }

    /// <inheritdoc/>
    internal override bool Concerns(LinkInfo link) =>
        _device is { } device
            ? link.Index == device.Link.Index
            : string.Equals(link.Name, Options.Interface, StringComparison.Ordinal);

    /// <inheritdoc/>
    internal override void Close()
    {
        NicDevice? device = _device;
        _device = null;
        _name = Options.Interface;
        new Teardown()
            .Step($"port {Port.Name}", Port.Disconnect)
            .Step($"interface {Options.Interface}", () => Free(device))
            .Step("what is left of it", () => TellLeft(device))
            .Finish();
    }

    private void TellLeft(NicDevice? device)
    {
        if (device?.Left is { } left)
        {
            _supervisor.Left(this, left);
        }
    }

    // The rings of a socket are mapped: a pass that does not end must not find them gone.
    private void Free(NicDevice? device)
    {
        if (device is not null && Port.HasStuckPass)
        {
            Quiescence.Keep(device);
        }
        else
        {
            device?.Dispose();
        }
    }

    private static string NoteOfDown(LinkInfo link) => $"{link.Name} is set down (ip link set {link.Name} up)";

    // What it has, by number; else what it wants, by name.
    private LinkInfo? Find()
    {
        using var links = new Links();
        return _device is { } device ? links.TryGet(device.Link.Index) : links.TryGet(Options.Interface);
    }
}
