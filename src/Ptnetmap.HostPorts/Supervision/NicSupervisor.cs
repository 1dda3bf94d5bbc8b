using Ptnetmap.HostPorts.Ledger;
using Ptnetmap.HostPorts.Nic;
using Ptnetmap.HostPorts.Tap;
using Ptnetmap.Linux;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.HostPorts.Supervision;

/// <summary>Keeps ports and their interfaces together: hears of interfaces that go, come, or change, and connects and
/// disconnects the ports. One thread, asleep while nothing happens; there is none while there are no such ports.</summary>
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

    /// <summary>Told when a port's <see cref="HostLink.State"/> has changed: on the supervisor's thread, or when a port is added that
    /// waits.</summary>
    public Action<HostLink> Changed { get; set; } = _ => { };

    /// <summary>Told when a port's interface is called something else, or is in another namespace, with what it was before.</summary>
    public Action<HostLink, string> Renamed { get; set; } = (_, _) => { };

    /// <summary>Told what of an interface is still changed after its port has let it go, where, and what undoes it.</summary>
    public Action<HostLink, string> Left { get; set; } = (_, _) => { };

    /// <summary>Ports that are added while this is true wait for an interface or namespace that is not there; others are refused.</summary>
    public bool WaitsForInterfaces { get; set; }

    /// <summary>Gives a port its interface, now if it is up and otherwise when it is.</summary>
    /// <exception cref="LinuxException">There is no such interface, or kernel or driver refuse; the message says why.</exception>
    public NicLink Add(NicPort port, NicOptions options)
    {
        var link = new NicLink(port, options, _programs, this);
        Add(link);
        port.Link = link;
        return link;
    }

    /// <summary>Gives a TAP port its interface.</summary>
    /// <exception cref="LinuxException">The kernel refuses; the message says why.</exception>
    internal TapLink Add(TapPort port, TapPortOptions options)
    {
        var link = new TapLink(port, options, _programs.Ledger, this);
        Add(link);
        return link;
    }

    /// <summary>Takes the interface from the port: it is the kernel's as before.</summary>
    public void Remove(HostLink link)
    {
        lock (_lock)
        {
            int place = _watched.FindIndex(watched => watched.Link == link);
            if (place >= 0)
            {
                Watched watched = _watched[place];
                _watched.RemoveAt(place);
                watched.Dispose();
                link.LeavePlace();
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
            .StepEach(_watched.ToArray(), watched => $"interface {watched.Link.InterfaceName}", watched => Remove(watched.Link))
            .Step("network namespaces", () => _ownNamespaces?.Dispose())
            .Step("epoll", _epoll.Dispose)
            .Step("eventfd", _control.Dispose)
            .Finish();
    }

    private void Add(HostLink link)
    {
        bool waits = WaitsForInterfaces;
        var watched = new Watched(link, _epoll, _namespaces);
        try
        {
            // Before the first look, so that nothing happens unseen between the two.
            watched.WatchName(link.WantedNamespace, isThere => OnNamespace(watched, isThere));
            lock (_lock)
            {
                Start();
                link.EnterPlace(waits);
                watched.WatchEvents();
                if (link.Place is not null)
                {
                    link.Open(waits);
                }

                _watched.Add(watched);
            }
        }
        catch
        {
            watched.Dispose();
            link.LeavePlace();
            throw;
        }

        if (link.State == NicState.Gone)
        {
            Changed(link);
        }
    }

    // The sockets of the port would keep a namespace alive that was deleted: with the name, all of them go.
    private void OnNamespace(Watched watched, bool isThere)
    {
        lock (_lock)
        {
            if (_watched.Contains(watched))
            {
                Try(watched, () => SetNamespace(watched, isThere));
            }
        }
    }

    private static void SetNamespace(Watched watched, bool isThere)
    {
        HostLink link = watched.Link;
        if (!isThere)
        {
            link.LeavePlace();
        }
        else if (link.Place is null)
        {
            link.EnterPlace(waits: true);
            if (link.Place is not null)
            {
                watched.WatchEvents();
                link.Look();
            }
        }
    }

    private void Start()
    {
        if (_thread is null)
        {
            _thread = LinuxThread.Start(new Thread(Run) { Name = "ptnet-nics", IsBackground = true });
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
                foreach (Watched watched in _watched)
                {
                    Try(watched, () => Look(watched.Link));
                }
            }
        }
    }

    private static void Look(HostLink link)
    {
        bool news = false;
        while (link.Place is { } place && place.Events.TryRead(out LinkEvent happened))
        {
            // An event without an interface says that events were lost.
            news |= happened.Link is not { } other || link.Concerns(other);
        }

        if (news)
        {
            link.Look();
        }
    }

    // No interface, and no failure to look at one, ends the others' thread.
    private void Try(Watched watched, Action look)
    {
        HostLink link = watched.Link;
        (NicState state, string called) = (link.State, link.Called);
        try
        {
            look();
        }
#pragma warning disable CA1031 // Whatever it is, it is this interface's.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            link.Fail(failure.Message);
        }

        watched.WatchEvents();
        watched.WatchName(link.Namespace, isThere => OnNamespace(watched, isThere));
        if (state != NicState.Gone && link.State != NicState.Gone && !string.Equals(link.Called, called, StringComparison.Ordinal))
        {
            Renamed(link, called);
        }

        if (link.State != state)
        {
            Changed(link);
        }
    }
}
