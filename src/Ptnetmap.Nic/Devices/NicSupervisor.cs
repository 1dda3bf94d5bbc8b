using Ptnetmap.Linux;
using Ptnetmap.Linux.Net;
using Ptnetmap.Nic.Ledger;

namespace Ptnetmap.Nic.Devices;

/// <summary>Keeps NIC ports and their interfaces together: hears of interfaces that go, come, or change, and connects and
/// disconnects the ports. One thread, asleep while nothing happens; there is none while there are no NIC ports.</summary>
public sealed class NicSupervisor : IDisposable
{
    private const ulong ControlTag = 0;

    private readonly Lock _lock = new();
    private readonly InterfacePrograms _programs;
    private readonly Epoll _epoll = new();
    private readonly EventFd _control = new();
    private readonly List<Watched> _watched = [];
    private readonly NamespaceWatch _namespaces;
    private readonly NamespaceWatch? _ownNamespaces;
    private Thread? _thread;
    private volatile bool _stop;

    /// <summary>Makes one that watches nothing.</summary>
    /// <param name="namespaces">Tells of namespaces that are deleted; null: one of its own.</param>
    /// <param name="ledger">Where changes in NICs are noted, in case this process is killed; null: nowhere.</param>
    public NicSupervisor(NamespaceWatch? namespaces = null, NicLedger? ledger = null)
    {
        _programs = new InterfacePrograms(ledger);
        _ownNamespaces = namespaces is null ? new NamespaceWatch() : null;
        _namespaces = namespaces ?? _ownNamespaces!;
        _epoll.Watch(_control.Descriptor, ControlTag);
    }

    /// <summary>Told, on the supervisor's thread, when a port's <see cref="NicLink.State"/> has changed.</summary>
    public Action<NicLink> Changed { get; set; } = _ => { };

    /// <summary>Gives a port its interface, now if it is up and otherwise when it is.</summary>
    /// <exception cref="LinuxException">There is no such interface, or kernel or driver refuse; the message says why.</exception>
    public NicLink Add(NicPort port, NicOptions options)
    {
        var link = new NicLink(port, options, _programs, this);

        // Before the first look, so that nothing happens unseen between the two.
        IDisposable? name = options.Namespace is { } space
            ? _namespaces.Watch(space, isThere => OnNamespace(link, isThere))
            : null;
        try
        {
            lock (_lock)
            {
                link.EnterPlace();
                link.Open();
                _watched.Add(new Watched(link, name));
                port.Link = link;
                _epoll.Watch(link.Place!.Events.Descriptor, ControlTag);
                Start();
                return link;
            }
        }
        catch
        {
            name?.Dispose();
            link.LeavePlace();
            throw;
        }
    }

    /// <summary>Takes the interface from the port: it is the kernel's as before.</summary>
    public void Remove(NicLink link)
    {
        lock (_lock)
        {
            int place = _watched.FindIndex(watched => watched.Link == link);
            if (place >= 0)
            {
                Watched watched = _watched[place];
                _watched.RemoveAt(place);
                watched.Name?.Dispose();
                Leave(link);
            }
        }
    }

    /// <summary>Closes a port's device and opens it again.</summary>
    internal void Renew(NicLink link)
    {
        lock (_lock)
        {
            if (_watched.Exists(watched => watched.Link == link))
            {
                link.Close();
                if (link.Place is not null)
                {
                    link.Look();
                }
            }
        }
    }

    /// <summary>Takes all interfaces from their ports.</summary>
    public void Dispose()
    {
        _stop = true;
        _control.Signal();
        _thread?.Join();
        new Teardown()
            .StepEach(_watched.ToArray(), watched => $"interface {watched.Link.Options.Interface}", watched => Remove(watched.Link))
            .Step("network namespaces", () => _ownNamespaces?.Dispose())
            .Step("epoll", _epoll.Dispose)
            .Step("eventfd", _control.Dispose)
            .Finish();
    }

    // The sockets of the port would keep a namespace alive that was deleted: with the name, all of them go.
    private void OnNamespace(NicLink link, bool isThere)
    {
        lock (_lock)
        {
            if (!_watched.Exists(watched => watched.Link == link))
            {
                return;
            }

            NicState before = link.State;
            if (!isThere)
            {
                Leave(link);
            }
            else if (link.Place is null)
            {
                Enter(link);
            }

            if (link.State != before)
            {
                Changed(link);
            }
        }
    }

    private void Enter(NicLink link)
    {
        try
        {
            link.EnterPlace();
            _epoll.Watch(link.Place!.Events.Descriptor, ControlTag);
            link.Look();
        }
        catch (LinuxException)
        {
            // It was deleted again.
            link.LeavePlace();
        }
    }

    private void Leave(NicLink link)
    {
        if (link.Place is { } place)
        {
            _epoll.Unwatch(place.Events.Descriptor);
        }

        link.LeavePlace();
    }

    private void Start()
    {
        if (_thread is null)
        {
            _thread = new Thread(Run) { Name = "ptnet-nics", IsBackground = true };
            _thread.Start();
        }
    }

    private void Run()
    {
        var events = new EpollEvent[1];
        while (!_stop)
        {
            _ = _epoll.Wait(events, -1);
            lock (_lock)
            {
                _watched.ForEach(Look);
            }
        }
    }

    private void Look(Watched watched)
    {
        bool news = false;
        while (watched.Link.Place is { } place && place.Events.TryRead(out LinkEvent happened))
        {
            // An event without an interface says that events were lost.
            news |= happened.Link is not { } link
                || string.Equals(link.Name, watched.Link.Options.Interface, StringComparison.Ordinal)
                || link.Index == watched.Link.Device?.Link.Index;
        }

        if (news)
        {
            NicState before = watched.Link.State;
            watched.Link.Look();
            if (watched.Link.State != before)
            {
                Changed(watched.Link);
            }
        }
    }

    private sealed record Watched(NicLink Link, IDisposable? Name);
}
