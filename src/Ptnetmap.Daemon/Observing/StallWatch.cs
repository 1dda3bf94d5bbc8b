using Ptnetmap.Linux;

namespace Ptnetmap.Daemon.Observing;

/// <summary>Finds out that the process stood still (stopped by a signal, starved of the processor, swapped out) from a
/// wait that took far longer than it was to. Only what is waited for in is between <see cref="Begin"/> and
/// <see cref="End"/>: work of the thread's own, which may be held up by others, says nothing of the process. Nor does a
/// wait in which the process computed for longer than it can have outside of it: then only this thread was held
/// up.</summary>
/// <param name="period">How long a wait is to take at most.</param>
/// <param name="clock">The clock; null: the system's.</param>
/// <param name="computed">CPU time of all the process's threads so far, in nanoseconds; null: what the kernel
/// says.</param>
public sealed class StallWatch(TimeSpan period, TimeProvider? clock = null, Func<long>? computed = null)
{
    // What a busy host costs a thread now and then is nobody's news.
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly Func<long> _computed = computed ?? (() => LinuxThread.ProcessCpuNanoseconds);
    private long _from;
    private long _computedBefore;

    /// <summary>A wait of at most the period begins.</summary>
    public void Begin() => (_from, _computedBefore) = (_clock.GetTimestamp(), _computed());

    /// <summary>It is over.</summary>
    /// <param name="stall">How long the process stood still, in whole seconds: at least, and at most.</param>
    /// <returns>True when it did for seconds.</returns>
    public bool End(out (int AtLeast, int AtMost) stall)
    {
        TimeSpan took = _clock.GetElapsedTime(_from);
        TimeSpan over = took - period;
        stall = ((int)over.TotalSeconds, (int)Math.Ceiling(took.TotalSeconds));
        return over >= Least && _computed() - _computedBefore <= Environment.ProcessorCount * period.TotalNanoseconds;
    }
}
