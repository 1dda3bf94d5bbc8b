using Ptnetmap.Memory;
using Ptnetmap.Ports;

namespace Ptnetmap.Daemon.Running.Kinds;

/// <summary>A port of a kind that has nothing to wait for.</summary>
internal sealed class PreparedPort(Func<MemoryRegion, Port> open) : IPreparedPort
{
    public Port Open(MemoryRegion region) => open(region);

    public void Dispose()
    {
    }
}
