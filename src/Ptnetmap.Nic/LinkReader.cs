using Ptnetmap.Linux;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.Nic;

/// <summary>Looks at interfaces of one network namespace, that of the thread that made it, for display: from any thread,
/// and when there is nothing to see it says nothing.</summary>
internal sealed class LinkReader : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Links _links = new();
    private bool _isClosed;

    /// <summary>The interface of a name; null when there is none, and once this object is closed.</summary>
    internal LinkInfo? TryGet(string name)
    {
        lock (_lock)
        {
            try
            {
                return _isClosed ? null : _links.TryGet(name);
            }
            catch (LinuxException)
            {
                // It goes while we look.
                return null;
            }
        }
    }

    /// <summary>Removes the interface of a name, if there is one.</summary>
    internal void Delete(string name)
    {
        lock (_lock)
        {
            try
            {
                _ = TryGet(name) is { } link && _links.TryDelete(link.Index);
            }
            catch (LinuxException)
            {
                // It is no interface of ours any more.
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isClosed = true;
            _links.Dispose();
        }
    }
}
