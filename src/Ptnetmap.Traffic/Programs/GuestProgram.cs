using System.Diagnostics;

namespace Ptnetmap.Traffic.Programs;

/// <summary>A program that a guest runs: steps of bounded length, and a wait when a step found nothing to do. Run by a
/// <see cref="GuestThread"/>, or by hand in tests.</summary>
public abstract class GuestProgram
{
    /// <summary>True when the program has done all it was made for; steps do nothing then.</summary>
    public virtual bool IsFinished => false;

    /// <summary>What it has done so far; may be called from any thread at any time.</summary>
    public abstract GuestCounters Counters { get; }

    /// <summary>Does what there is to do, up to a batch a ring.</summary>
    /// <returns>False when there was nothing.</returns>
    public abstract bool Step();

    /// <summary>Sleeps until there may be something to do, the time has run out, or <see cref="Wake"/> was
    /// called.</summary>
    public abstract void Wait(TimeSpan timeout);

    /// <summary>Ends the wait that is under way or comes next; called by other threads.</summary>
    public abstract void Wake();

    /// <summary>The monotonic clock in nanoseconds, as it goes into timestamps.</summary>
    internal static ulong NanosecondClock() => Stopwatch.Frequency == 1_000_000_000
        ? (ulong)Stopwatch.GetTimestamp()
        : (ulong)((Int128)Stopwatch.GetTimestamp() * 1_000_000_000 / Stopwatch.Frequency);
}
