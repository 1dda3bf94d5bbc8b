using Ptnetmap.Linux;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.Nic.Devices;

/// <summary>Keeps NIC ports and their interfaces together: hears of interfaces that go, come, or change, and connects and
/// disconnects the ports. One thread, asleep while nothing happens; there is none while there are no NIC ports.</summary>
public sealed class NicSupervisor : IDisposable
{
    private const ulong ControlTag = 0;

    private readonly Lock _lock = new();
    private readonly InterfacePrograms _programs = new();
    private readonly Epoll _epoll = new();
    private readonly EventFd _control = new();
    private readonly List<Watched> _watched = [];
    private Thread? _thread;
    private volatile bool _stop;

    /// <summary>Makes one that watches nothing.</summary>
    public NicSupervisor() => _epoll.Watch(_control.Descriptor, ControlTag);

    /// <summary>Told, on the supervisor's thread, when a port's <see cref="NicLink.State"/> has changed.</summary>
    public Action<NicLink> Changed { get; set; } = _ => { };

    /// <summary>Gives a port its interface, now if it is up and otherwise when it is.</summary>
    /// <exception cref="LinuxException">There is no such interface, or kernel or driver refuse; the message says why.</exception>
    public NicLink Add(NicPort port, NicOptions options)
    {
        NetworkNamespace? space = options.Namespace is { } name ? NetworkNamespace.OpenNamed(name) : null;
        NicLink? link = null;
        LinkEvents? events = null;
        try
        {
            link = new NicLink(port, options, space, _programs, this);

            // Before the first look, so that nothing happens unseen between the two.
            events = link.In(() => new LinkEvents());
            lock (_lock)
            {
                link.Open();
                _watched.Add(new Watched(link, events, space));
                port.Link = link;
                _epoll.Watch(events.Descriptor, ControlTag);
                Start();
                return link;
            }
        }
        catch
        {
            events?.Dispose();
            link?.CloseReader();
            space?.Dispose();
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
                _epoll.Unwatch(watched.Events.Descriptor);
                link.Close();
                link.CloseReader();
                watched.Events.Dispose();
                watched.Space?.Dispose();
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
                link.Look();
            }
        }
    }

    /// <summary>Takes all interfaces from their ports.</summary>
    public void Dispose()
    {
        _stop = true;
        _control.Signal();
        _thread?.Join();
        foreach (Watched watched in _watched.ToArray())
        {
            Remove(watched.Link);
        }

        _epoll.Dispose();
        _control.Dispose();
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
        while (watched.Events.TryRead(out LinkEvent happened))
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

    private sealed record Watched(NicLink Link, LinkEvents Events, NetworkNamespace? Space);
}
