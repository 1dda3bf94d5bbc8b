using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Passthrough;

/// <content>Loops whose packets come from outside: the source's descriptor brings the worker, once each time that it is
/// armed.</content>
public abstract partial class SyncLoop
{
    private bool _sourceArmed;

    /// <summary>Where the packets come from, when that is outside; null otherwise.</summary>
    public virtual RxSource? Source => null;

    /// <summary>Packets have arrived; the worker watches the descriptor no more until it is armed again.</summary>
    internal bool OnSource()
    {
        _sourceArmed = false;
        return Run(_turnBudget, PassCause.Source, maySpin: false);
    }

    /// <summary>The source is looked at by the timer for a while.</summary>
    private protected void DisarmSource(RxSource source)
    {
        if (!_sourceArmed)
        {
            source.Ignore();
        }
    }

    /// <summary>Asks to be brought when packets arrive. Level-triggered and once: what arrived before this call fires at
    /// once, and while a pass is under way nothing does. A source that is gone would fire for ever, and is not asked.</summary>
    private protected void ArmSource(RxSource source)
    {
        if (!_sourceArmed && !source.IsGone && Worker is { } worker)
        {
            _sourceArmed = true;
            Ring.Counters.Sleeps++;
            source.Expect();
            worker.ArmSource(this, source);
        }
    }
}
