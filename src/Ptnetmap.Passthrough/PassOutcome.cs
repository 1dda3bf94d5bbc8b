using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Passthrough;

/// <summary>How a pass ended that has nothing left to do: what a <see cref="NotificationPolicy"/> decides by.</summary>
/// <param name="Status">Dry, or blocked for want of space.</param>
/// <param name="Moved">Slots that it moved.</param>
/// <param name="Cause">Why it was run.</param>
/// <param name="Slots">Slots of the ring that packets arrive on.</param>
/// <param name="UserAssists">The ring's user runs passes itself before it sleeps, and comes back when it is through
/// with what it got.</param>
/// <param name="Pace">How fast packets come, where they come from outside; null elsewhere.</param>
/// <param name="Packets">Packets that have arrived in all.</param>
/// <param name="Now">The monotonic clock, nanoseconds.</param>
public readonly record struct PassOutcome(
    SyncStatus Status, uint Moved, PassCause Cause, uint Slots, bool UserAssists, ArrivalPace? Pace,
    long Packets, long Now)
{
    /// <summary>A receiver has come for the ring's packets of late.</summary>
    public bool IsPulled { get; init; }

    /// <summary>It waits for somebody's space. Not after the timer: who was to come and make some in the meantime did
    /// not.</summary>
    public bool WaitsForSpace => Status == SyncStatus.Blocked && Cause != PassCause.Timer;

    /// <summary>The user, on its way to sleep, fetched what had come from outside.</summary>
    public bool IsFetchedByUser => UserAssists && Cause == PassCause.Assist && Pace is not null;
}
