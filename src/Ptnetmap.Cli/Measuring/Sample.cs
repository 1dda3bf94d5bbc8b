using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Cli.Measuring;

/// <summary>All counters at one instant. A class that is filled in place: taking one allocates nothing.</summary>
internal sealed class Sample
{
    /// <summary>The instant, in nanoseconds of the monotonic clock.</summary>
    internal long Nanoseconds;

    /// <summary>CPU time of all threads.</summary>
    internal long ProcessCpu;

    /// <summary>CPU time of the workers.</summary>
    internal long WorkerCpu;

    /// <summary>How often workers were woken.</summary>
    internal long WorkerWakeUps;

    /// <summary>How often any thread went to sleep.</summary>
    internal long Switches;

    /// <summary>Garbage collections.</summary>
    internal long Collections;

    /// <summary>Bytes that all threads have allocated.</summary>
    internal long Allocated;

    /// <summary>The host's counters.</summary>
    internal RingTotals Rings;

    /// <summary>The senders'.</summary>
    internal GuestCounters Sent;

    /// <summary>The receivers'.</summary>
    internal GuestCounters Received;

    /// <summary>What lies between.</summary>
    internal GuestCounters Forwarded;
}
