using Ptnetmap.Linux;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.HostPorts.Supervision;

/// <summary>Keeps ports and their interfaces together: hears of interfaces that go, come, or change, and connects and
/// disconnects the ports. One thread, asleep while nothing happens; there is none while there are no such
/// ports.</summary>
public sealed class NicSupervisor : IDisposable
{
    private const ulong ControlTag = 0;

    private readonly Lock _lock = new();
    private readonly Epoll _epoll = new();
    private readonly EventFd _control = new();
    private readonly List<Watched> _watched = [];
    private readonly NamespaceWatch _namespaces;
    private readonly NamespaceWatch? _ownNamespaces;
    private Thread? _thread;
    private volatile bool _stop;

    /// <summary>Makes one that watches nothing.</summary>
    /// <param name="namespaces">Tells of namespaces that are deleted; null: one of its own.</param>
    public NicSupervisor(NamespaceWatch? namespaces = null)
    {
        _ownNamespaces = namespaces is null ? new NamespaceWatch() : null;
        _namespaces = namespaces ?? _ownNamespaces!;
        _epoll.Watch(_control.Descriptor, ControlTag);
    }

    /// <summary>Told when a port's <see cref="HostLink.State"/> has changed: on the supervisor's thread, or when a port
    /// is added that waits, or wants its interface closed and opened again.</summary>
    public Action<HostLink> Changed { get; set; } = _ => { };

    /// <summary>Told when a port's interface is called something else, or is in another namespace, with what it was
    /// before.</summary>
    public Action<HostLink, string> Renamed { get; set; } = (_, _) => { };

    /// <summary>Told what of an interface is still changed after its port has let it go, where, and what undoes
    /// it.</summary>
    public Action<HostLink, string> Left { get; set; } = (_, _) => { };

    /// <summary>Ports that are added while this is true wait for an interface or namespace that is not there; others
    /// are refused.</summary>
    public bool WaitsForInterfaces { get; set; }

    /// <summary>Gives a port its interface, now if it is up and otherwise when it is, until it wishes
    /// <see cref="PortWish.Release"/> or is removed.</summary>
    /// <exception cref="LinuxException">There is no such interface, or kernel or driver refuse; the message says
    /// why.</exception>
    public T Add<T>(T link)
        where T : HostLink
    {
        link.Left = what => Left(link, what);
        var watched = new Watched(link, _epoll, _namespaces, OnWish);
        try
        {
            // Before the first look, so that nothing happens unseen between the two.
            _ = WatchName(watched);
            lock (_lock)
            {
                Start();
                Open(link);
                watched.WatchEvents();
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
                link.Wait("the port has given it back");
                link.LeavePlace();
            }
        }
    }

    /// <summary>Closes what a port has of its interface, and opens it again.</summary>
    internal void Renew(HostLink link) => Try(link, () =>
    {
        if (link.Place is not null)
        {
            link.Renew();
        }
    });

    /// <summary>Takes all interfaces from their ports.</summary>
    public void Dispose()
    {
        _stop = true;
        _control.Signal();
        _thread?.Join();
        new Teardown()
            .StepEach(_watched.ToArray(), watched => $"interface {watched.Link.InterfaceName}",
                watched => Remove(watched.Link))
            .Step("network namespaces", () => _ownNamespaces?.Dispose())
            .Step("epoll", _epoll.Dispose)
            .Step("eventfd", _control.Dispose)
            .Finish();
    }

    private void Open(HostLink link)
    {
        if (link.EnterPlace() is { } missing)
        {
            if (!WaitsForInterfaces)
            {
                throw new LinuxException(missing);
            }

            link.Wait(missing);
        }
        else if (!WaitsForInterfaces || link.MayOpen())
        {
            link.Open();
        }
    }

    private void OnWish(HostLink link, PortWish wish)
    {
        if (wish == PortWish.Release)
        {
            Remove(link);
        }
        else
        {
            Renew(link);
        }
    }

    // The sockets of a port would keep a namespace alive that was deleted: with the name, all of them go.
    private bool WatchName(Watched watched) => watched.WatchName((name, isThere) =>
        Try(watched.Link, isThere ? watched.Link.OnNamespaceCame : () => watched.Link.OnNamespaceDeleted(name)));

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
                _watched.ForEach(watched => Try(watched, () => Look(watched.Link)));
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

    private void Try(HostLink link, Action action)
    {
        lock (_lock)
        {
            if (_watched.Find(watched => watched.Link == link) is { } watched)
            {
                Try(watched, action);
            }
        }
    }

    private void Try(Watched watched, Action look)
    {
        HostLink link = watched.Link;
        (NicState state, string called) = (link.State, link.Called);
        Try(look, link.Fail);
        while (WatchName(watched))
        {
            Try(link.CheckNamespace, link.Fail);
        }

        watched.WatchEvents();
        if (state != NicState.Gone && link.State != NicState.Gone
            && !string.Equals(link.Called, called, StringComparison.Ordinal))
        {
            Renamed(link, called);
        }

        if (link.State != state)
        {
            Changed(link);
        }
    }

    // No interface, and no failure to look at one, ends the others' thread.
    private static void Try(Action look, Action<string> fail)
    {
        try
        {
            look();
        }
#pragma warning disable CA1031 // Whatever it is, it is this interface's.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            fail(failure.Message);
        }
    }
}
