using Ptnetmap.Linux;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.Nic.Devices;

/// <summary>A NIC port and the interface that it is to have: opens the device when the interface is there, and lets it go
/// when it is not. Called by its <see cref="NicSupervisor"/>, one call at a time; properties by anybody.</summary>
public sealed class NicLink
{
    private readonly InterfacePrograms _programs;
    private readonly NicSupervisor _supervisor;
    private volatile NicPlace? _place;
    private volatile NicDevice? _device;
    private volatile string? _note;
    private volatile NicState _state = NicState.Gone;

    internal NicLink(NicPort port, NicOptions options, InterfacePrograms programs, NicSupervisor supervisor)
    {
        _supervisor = supervisor;
        Port = port;
        Options = options;
        _programs = programs;
    }

    /// <summary>The port.</summary>
    public NicPort Port { get; }

    /// <summary>What it is to have.</summary>
    public NicOptions Options { get; }

    /// <summary>What it has; null while there is no such interface.</summary>
    public NicDevice? Device => _device;

    /// <summary>Where the interface is looked for; null while there is no namespace of that name.</summary>
    internal NicPlace? Place => _place;

    /// <summary>How it stands.</summary>
    public NicState State => _state;

    /// <summary>Why it is not up; null when it is.</summary>
    public string? Note => _note;

    /// <summary>Whether the interface is there and has a carrier, as of now.</summary>
    public bool HasCarrier => In(Find) is { HasCarrier: true };

    /// <summary>All that there is to say of it, with the kernel's counters.</summary>
    public HostPortState Describe()
    {
        NicDevice? device = _device;
        LinkInfo? link = device is null ? null : _place?.Reader.TryGet(Options.Interface);
        return new HostPortState
        {
            Interface = Options.Interface,
            Link = _state switch { NicState.Up => "up", NicState.Gone => "gone", _ => "down" },
            Mode = device is null ? "none" : NicCounters.NameOf(device.Mode),
            Mtu = link?.Mtu ?? device?.Link.Mtu,
            Mac = device is null ? null : string.Join(':', device.Link.Mac.GetAddressBytes().Select(part => $"{part:x2}")),
            Queues = Options.Queues,
            NetworkNamespace = Options.Namespace,
            Note = _note ?? NicCounters.NoteOf(device),
            Counters = NicCounters.Read(Port, device),
            Kernel = link?.Statistics,
        };
    }

    /// <summary>Closes the device and opens it again: the kernel has nothing of the port's any more.</summary>
    internal void Renew() => _supervisor.Renew(this);

    /// <summary>Gives the interface back.</summary>
    internal void Release() => _supervisor.Remove(this);

    /// <summary>Opens the device if that is possible now.</summary>
    /// <exception cref="LinuxException">It is not, for another reason than that the interface is down.</exception>
    internal void Open()
    {
        LinkInfo? link = In(Find);
        if (link is { IsUp: false })
        {
            (_state, _note) = (NicState.Down, $"{Options.Interface} is set down (ip link set {Options.Interface} up)");
            return;
        }

        NicDevice device = In(() => NicDevice.Open(Options, Port.Umem, Port.RxRings[0].SlotCount, _programs));
        _device = device;
        Port.Connect(device.Queues, device.Link.Mtu, device.CompletesChecksums);
        (_state, _note) = (NicState.Up, null);
    }

    /// <summary>Something may have happened to the interface.</summary>
    internal void Look()
    {
        LinkInfo? link = In(Find);
        if (_device is { } device && link?.Index != device.Link.Index)
        {
            Close();
        }

        if (link is null)
        {
            (_state, _note) = (NicState.Gone, $"there is no interface {Options.Interface}");
        }
        else if (_device is not null)
        {
            Port.SetMtu(link.Mtu);
            (_state, _note) = link.IsUp
                ? (NicState.Up, null)
                : (NicState.Down, $"{Options.Interface} is set down (ip link set {Options.Interface} up)");
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

    /// <summary>Goes where the interface is to be looked for.</summary>
    /// <exception cref="LinuxException">There is no such namespace.</exception>
    internal void EnterPlace() => _place = NicPlace.Open(Options.Namespace);

    /// <summary>Lets the interface and its namespace go.</summary>
    internal void LeavePlace()
    {
        Close();
        (_state, _note) = (NicState.Gone, $"the network namespace {Options.Namespace} was deleted");
        NicPlace? place = _place;
        _place = null;
        place?.Dispose();
    }

    internal void Close()
    {
        NicDevice? device = _device;
        _device = null;
        new Teardown().Step($"port {Port.Name}", Port.Disconnect).Step($"interface {Options.Interface}", () => device?.Dispose()).Finish();
    }

    private T In<T>(Func<T> action) => _place!.Run(action);

    private LinkInfo? Find()
    {
        using var links = new Links();
        return links.TryGet(Options.Interface);
    }

    private void TryOpen()
    {
        try
        {
            Open();
        }
        catch (LinuxException refusal)
        {
            (_state, _note) = (NicState.Refused, refusal.Message);
        }
    }
}
