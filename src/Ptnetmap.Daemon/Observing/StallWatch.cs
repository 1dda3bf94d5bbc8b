namespace Ptnetmap.Daemon.Observing;

/// <summary>Finds out that the process stood still (stopped by a signal, starved of the processor, swapped out) from a wait that
/// took far longer than it was to.</summary>
/// <param name="period">How long a wait is to take at most.</param>
/// <param name="clock">The clock; null: the system's.</param>
public sealed class StallWatch(TimeSpan period, TimeProvider? clock = null)
{
    // What a busy host costs a thread now and then is nobody's news.
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private long _from;

    /// <summary>A wait of at most the period begins.</summary>
    public void Begin() => _from = _clock.GetTimestamp();

    /// <summary>It is over.</summary>
    /// <param name="stall">How long the process stood still, in whole seconds: at least, and at most.</param>
    /// <returns>True when it did for seconds.</returns>
    public bool End(out (int AtLeast, int AtMost) stall)
    {
        TimeSpan took = _clock.GetElapsedTime(_from);
        TimeSpan over = took - period;
        stall = ((int)over.TotalSeconds, (int)Math.Ceiling(took.TotalSeconds));
        return over >= Least;
    }
}
