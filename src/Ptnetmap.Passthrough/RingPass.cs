using Ptnetmap.Ports;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Passthrough;

/// <summary>What a pass of a ring does, and what its ring can be woken by. <see cref="SyncLoop"/> runs it, one at a
/// time, and <see cref="WakePlan"/> says when.</summary>
internal abstract class RingPass(Port port, Kring ring)
{
    internal Port Port => port;

    internal Kring Ring => ring;

    /// <summary>Where the packets come from, when that is outside; null otherwise.</summary>
    internal virtual RxSource? Source => null;

    /// <summary>The ring that packets arrive on.</summary>
    internal virtual Kring Arriving => ring;

    /// <summary>The ring's user runs passes itself before it sleeps.</summary>
    internal virtual bool UserAssists => true;

    /// <summary>The receive ring that stops this one when it is full.</summary>
    internal virtual Kring? Stopper => port.StopperOf(ring);

    /// <summary>A ring that is blocked is looked at again after this time, and asks nobody to be told; 0: it
    /// asks.</summary>
    internal virtual long RetryNanoseconds => port.RetryNanoseconds;

    /// <summary>A ring that is blocked is looked at again after this time at the latest; 0: it need not be.</summary>
    internal virtual long WaitNanoseconds => port.WaitNanoseconds(ring);

    /// <summary>Nothing can arrive before the user has given slots back.</summary>
    internal virtual bool IsStarved => false;

    /// <summary>Moves until the ring is dry, blocked, or the budget used up, and shows the sides each chunk as it is
    /// done, so that they can work beside us.</summary>
    internal abstract SyncStatus Deliver(uint budget, ref uint moved);

    /// <summary>Wakes whom the slots that were just moved concern, and who stops the ring.</summary>
    /// <param name="hasMoved">False: none was, the ring is blocked.</param>
    internal abstract void NotifySides(bool hasMoved);

    /// <summary>Looks for a short while whether there is more, before the pass settles down. True when there
    /// is.</summary>
    internal virtual bool SpinForNews(long nanoseconds) => false;

    /// <summary>Asks to be told when there is something to move, where no source tells. False when there is something
    /// already.</summary>
    internal virtual bool TryAskForPackets() => true;

    /// <summary>Asks to be told when there is space. False when there is some already.</summary>
    /// <param name="isFirst">The ring has moved since it asked last.</param>
    internal virtual bool TryAskForSpace(bool isFirst)
    {
        bool isAsked = port.TryAskForSpace(ring);
        ring.Counters.Stalls += isAsked && isFirst ? 1 : 0;
        return isAsked;
    }
}
