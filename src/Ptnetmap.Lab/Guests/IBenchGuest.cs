using Ptnetmap.Traffic;
using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Lab.Guests;

/// <summary>A guest that plays a part in a measurement, whatever it runs in.</summary>
public interface IBenchGuest : IDisposable
{
    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>What it has done so far; readable while it runs, without allocating.</summary>
    public GuestCounters Counters { get; }

    /// <summary>It has sent all it was to send.</summary>
    public bool IsFinished { get; }

    /// <summary>The times that it has recorded, in nanoseconds; null when it records none.</summary>
    public LatencyHistogram? Latency => null;

    /// <summary>CPU time that it has used outside this process, in nanoseconds.</summary>
    public long OutsideCpuNanoseconds => 0;

    /// <summary>Waits until its machine is up, where it has one that takes a while.</summary>
    public void Boot()
    {
    }

    /// <summary>Starts it.</summary>
    public void Start();

    /// <summary>Ends its program and waits for it. What it has published stays with the host.</summary>
    /// <exception cref="GuestFailedException">The guest failed.</exception>
    public void Stop();
}
