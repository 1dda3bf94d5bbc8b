using Ptnetmap.Linux;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.HostPorts.Supervision;

/// <summary>Looks at interfaces of one network namespace, that of the thread that made it, for display: from any
/// thread, and when there is nothing to see it says nothing.</summary>
internal sealed class LinkReader : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Links _links = new();
    private bool _isClosed;

    /// <summary>The interface of a number; null when there is none, and once this object is closed.</summary>
    internal LinkInfo? TryGet(int index)
    {
        lock (_lock)
        {
            try
            {
                return _isClosed ? null : _links.TryGet(index);
            }
            catch (LinuxException)
            {
                // It goes while we look.
                return null;
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
