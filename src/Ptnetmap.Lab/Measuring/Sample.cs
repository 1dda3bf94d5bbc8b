using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Lab.Measuring;

/// <summary>All counters at one instant. A class that is filled in place: taking one allocates nothing.</summary>
/// <param name="parties">How many guests are counted one by one.</param>
public sealed class Sample(int parties = 0)
{
    /// <summary>The instant, in nanoseconds of the monotonic clock.</summary>
    public long Nanoseconds;

    /// <summary>CPU time of all threads, and of guests that are processes.</summary>
    public long ProcessCpu;

    /// <summary>CPU time of the workers.</summary>
    public long WorkerCpu;

    /// <summary>How often workers were woken.</summary>
    public long WorkerWakeUps;

    /// <summary>How often any thread went to sleep.</summary>
    public long Switches;

    /// <summary>Garbage collections.</summary>
    public long Collections;

    /// <summary>Bytes that all threads have allocated.</summary>
    public long Allocated;

    /// <summary>The host's counters.</summary>
    public RingTotals Rings;

    /// <summary>The senders'.</summary>
    public GuestCounters Sent;

    /// <summary>The receivers'.</summary>
    public GuestCounters Received;

    /// <summary>What lies between.</summary>
    public GuestCounters Forwarded;

    /// <summary>Packets of each party (<see cref="Beds.Party.Packets"/>).</summary>
    public readonly long[] Parties = new long[parties];
}
