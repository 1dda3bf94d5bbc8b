using Ptnetmap.Linux.Net;

namespace Ptnetmap.HostPorts.Supervision;

/// <summary>Where the interface of a NIC port is looked for: a network namespace, the events of interfaces in it, and a
/// look at them. While it is open, the namespace lives.</summary>
internal sealed class NicPlace : IDisposable
{
    private readonly NetworkNamespace? _space;

    private NicPlace(NetworkNamespace? space)
    {
        _space = space;
        Events = Run(() => new LinkEvents());
        try
        {
            Reader = Run(() => new LinkReader());
        }
        catch
        {
            Events.Dispose();
            throw;
        }
    }

    internal LinkEvents Events { get; }

    internal LinkReader Reader { get; }

    /// <summary>The namespace of a name; null: the process's.</summary>
    /// <exception cref="Ptnetmap.Linux.LinuxException">There is none, or the kernel refused.</exception>
    internal static NicPlace Open(string? name)
    {
        return Of(name is null ? null : NetworkNamespace.OpenNamed(name));
    }

    /// <summary>A namespace, which it takes over; null: the process's.</summary>
    /// <exception cref="Ptnetmap.Linux.LinuxException">The kernel refused.</exception>
    internal static NicPlace Of(NetworkNamespace? space)
    {
        try
        {
            return new NicPlace(space);
        }
        catch
        {
            space?.Dispose();
            throw;
        }
    }

    /// <summary>A number that tells its namespace from all others.</summary>
    internal ulong Id => Run(NetworkNamespace.IdOfThisThread);

    /// <summary>Runs something there.</summary>
    internal T Run<T>(Func<T> action) => _space is null ? action() : _space.Run(action);

    /// <summary>Runs something there.</summary>
    internal void Run(Action action) => _ = Run(() =>
    {
        action();
        return true;
    });

    public void Dispose()
    {
        Events.Dispose();
        Reader.Dispose();
        _space?.Dispose();
    }
}
