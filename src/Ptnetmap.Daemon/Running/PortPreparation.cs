using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Daemon.Running.Kinds;

namespace Ptnetmap.Daemon.Running;

/// <summary>A port on its way into the inventory: what it waits for is at hand, and its name is spoken for.</summary>
/// <param name="Settings">Its settings.</param>
/// <param name="Port">What opens it.</param>
/// <param name="Name">Its name, until the port is there.</param>
internal sealed record PortPreparation(PortSettings Settings, IPreparedPort Port, IDisposable Name) : IDisposable
{
    public void Dispose()
    {
        Port.Dispose();
        Name.Dispose();
    }
}
