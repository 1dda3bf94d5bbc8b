using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Ports.Switching;

/// <summary>What passes of a switch do, whatever its lookup.</summary>
internal abstract class Forwarding
{
    /// <summary>Sends what waits in a ring of one of a switch's ports, at most <paramref name="budget"/> slots of
    /// it.</summary>
    /// <param name="pass">The ring's pass.</param>
    /// <param name="ports">The switch's ports.</param>
    /// <param name="budget">Most slots.</param>
    /// <param name="patience">The most patience with a receiver that has no space, nanoseconds.</param>
    /// <returns><see cref="SyncStatus.Blocked"/> when packets wait for space.</returns>
    public abstract SyncStatus Run(ValePass pass, PortSet ports, uint budget, long patience);
}
