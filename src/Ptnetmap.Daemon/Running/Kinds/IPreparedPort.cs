using Ptnetmap.Memory;
using Ptnetmap.Ports;

namespace Ptnetmap.Daemon.Running.Kinds;

/// <summary>A port that is about to be opened, with all at hand that had to be waited for. Disposing of it closes what
/// the port did not take over.</summary>
public interface IPreparedPort : IDisposable
{
    /// <summary>Opens the port in <paramref name="region"/>, once; waits for nobody outside, for all other changes wait
    /// meanwhile.</summary>
    /// <exception cref="RegionLimitException">The region has not enough left.</exception>
    /// <exception cref="Ptnetmap.Linux.LinuxException">The kernel refused.</exception>
    public Port Open(MemoryRegion region);
}
