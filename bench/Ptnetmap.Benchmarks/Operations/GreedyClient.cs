using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Benchmarks.Operations;

/// <summary>A receiver that has always read everything already.</summary>
internal sealed class GreedyClient : RingClient
{
    public override void Fetch(Kring ring) => ring.TryAdvance(ring.HwTail, ring.HwTail);

    public override void Publish(Kring ring)
    {
        // Nobody looks.
    }

    public override void Notify(Kring ring)
    {
        // Nobody sleeps.
    }

    public override bool TryAskForSpace(Kring ring) => false;

    public override void RunPass()
    {
        // It sends nothing.
    }
}
