using Ptnetmap.Linux;

namespace Ptnetmap.HostPorts.Supervision;

/// <summary>What a <see cref="NicSupervisor"/> hears of for one port: events of interfaces where it is, and its namespace's name.</summary>
internal sealed class Watched(HostLink link, Epoll epoll, NamespaceWatch namespaces) : IDisposable
{
    private const ulong Tag = 0;

    private NicPlace? _place;
    private IDisposable? _name;
    private string? _space;

    /// <summary>The port's link.</summary>
    internal HostLink Link => link;

    /// <summary>Hears of a namespace's name from now on, in place of the one before; null: of none.</summary>
    internal void WatchName(string? space, Action<bool> changed)
    {
        if (!string.Equals(space, _space, StringComparison.Ordinal))
        {
            _name?.Dispose();
            _name = space is null ? null : namespaces.Watch(space, changed);
            _space = space;
        }
    }

    /// <summary>Hears of events where the link is now, and no more of those where it was. A descriptor that is closed is no
    /// longer told of, so that only one that is still open has to be let go.</summary>
    internal void WatchEvents()
    {
        if (link.Place == _place)
        {
            return;
        }

        _place = link.Place;
        if (_place is not null)
        {
            epoll.Watch(_place.Events.Descriptor, Tag);
        }
    }

    public void Dispose()
    {
        _name?.Dispose();
        if (_place is not null)
        {
            epoll.Unwatch(_place.Events.Descriptor);
            _place = null;
        }
    }
}
