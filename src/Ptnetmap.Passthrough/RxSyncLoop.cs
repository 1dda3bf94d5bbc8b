using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.Ports;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Passthrough;

/// <summary>A guest's receive ring that other ports' passes fill; it has work of its own only when one of them stands still for want
/// of space and asked to be told.</summary>
public sealed class RxSyncLoop : CsbRing
{
    /// <summary>Ties ring and CSB entry together.</summary>
    public RxSyncLoop(Port port, Kring ring, CsbHostView csb, EventFd kick, EventFd interrupt)
        : base(port, ring, csb, kick, interrupt)
    {
    }

    /// <inheritdoc/>
    public override bool TryAskForSpace(Kring ring)
    {
        if (!TryArmKick())
        {
            return false;
        }

        ring.Counters.Sleeps++;
        return true;
    }

    /// <inheritdoc/>
    public override void RunPass()
    {
        // Slots that come back are fetched by the senders, when they need them.
    }

    internal override void PullBeforeSleep() => Port.PullFeeders(Ring);

    internal override bool OnKick(bool maySpin)
    {
        if (!Kick.TryConsume())
        {
            return false;
        }

        Ring.Pass.Begin();
        if (Ring.Client == this)
        {
            Ring.Counters.Kicks++;
            Csb.WriteKernNeedKick(false);
        }

        Ring.Pass.End();
        Port.PullFeeders(Ring);
        return false;
    }
}
