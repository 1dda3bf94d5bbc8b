using Ptnetmap.Linux;

namespace Ptnetmap.HostPorts.Supervision;

/// <summary>What a <see cref="NicSupervisor"/> hears of for one port: events of interfaces where it is, its namespace's
/// name, and what the port wishes.</summary>
internal sealed class Watched : IDisposable
{
    private const ulong Tag = 0;

    private readonly Epoll _epoll;
    private readonly NamespaceWatch _namespaces;
    private readonly Action<HostLink, PortWish> _wished;
    private NicPlace? _place;
    private IDisposable? _name;
    private string? _space;

    internal Watched(HostLink link, Epoll epoll, NamespaceWatch namespaces, Action<HostLink, PortWish> wished)
    {
        (Link, _epoll, _namespaces, _wished) = (link, epoll, namespaces, wished);
        link.Port.Wished += OnWish;
    }

    /// <summary>The port's link.</summary>
    internal HostLink Link { get; }

    /// <summary>Hears of the name of the namespace that the link is in now, and no more of the one before.</summary>
    /// <returns>Whether it is another name.</returns>
    internal bool WatchName(Action<string, bool> changed)
    {
        string? name = Link.Namespace;
        if (string.Equals(name, _space, StringComparison.Ordinal))
        {
            return false;
        }

        _name?.Dispose();
        _name = name is null ? null : _namespaces.Watch(name, isThere => changed(name, isThere));
        _space = name;
        return true;
    }

    /// <summary>Hears of events where the link is now, and no more of those where it was. A descriptor that is closed
    /// is no longer told of, so that only one that is still open has to be let go.</summary>
    internal void WatchEvents()
    {
        if (Link.Place == _place)
        {
            return;
        }

        _place = Link.Place;
        if (_place is not null)
        {
            _epoll.Watch(_place.Events.Descriptor, Tag);
        }
    }

    public void Dispose()
    {
        Link.Port.Wished -= OnWish;
        _name?.Dispose();
        if (_place is not null)
        {
            _epoll.Unwatch(_place.Events.Descriptor);
            _place = null;
        }
    }

    private void OnWish(PortWish wish) => _wished(Link, wish);
}
