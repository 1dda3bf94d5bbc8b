namespace Ptnetmap.Passthrough;

/// <summary>Holds off while the sides are busy. A kick costs the guest an exit and the host a wake-up, and neither is
/// needed then: a sender that fills its ring, or a receiver that empties its own, runs the pass itself before it
/// sleeps.</summary>
/// <param name="name">Its name in options and reports.</param>
/// <param name="spin">How long a worker looks for more work before a pass ends, in nanoseconds.</param>
/// <param name="longest">For how long it holds off, and at most where packets come from outside, in
/// nanoseconds.</param>
public sealed class HoldOffPolicy(string name, long spin, long longest) : NotificationPolicy(name)
{
    /// <inheritdoc/>
    public override long SpinNanoseconds => spin;

    /// <inheritdoc/>
    public override long LongestHoldOff => longest;

    /// <inheritdoc/>
    public override long HoldOffAfter(in PassOutcome pass)
    {
        // Where no guest is behind the ring nobody may look before it sleeps, and what other ports of ours bring comes
        // at the speed of memory: it would fill the ring before a timer fires.
        if (pass.WaitsForSpace || pass.Pace is null)
        {
            return pass.UserAssists && IsBusy(in pass) ? longest : 0;
        }

        return pass.Pace.HoldOffAfter(pass.Packets, pass.Moved, pass.Slots, longest, pass.Now,
            byUser: pass.IsFetchedByUser);
    }

    private static bool IsBusy(in PassOutcome pass) =>
        pass.WaitsForSpace
        || (pass.IsPulled && pass.Moved != 0)
        || (pass.Cause is PassCause.Assist or PassCause.Pull ? pass.Moved != 0 : pass.Moved >= pass.Slots / 4);
}
