using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Tests.Ports.Switching;

/// <summary>A user of a receive ring that fails whoever delivers to it.</summary>
internal sealed class FaultyClient : RingClient
{
    public override void Fetch(Kring ring) => throw new InvalidOperationException("a fault");

    public override void Publish(Kring ring)
    {
        // Nobody looks.
    }

    public override void Notify(Kring ring)
    {
        // Nobody sleeps.
    }

    public override bool TryAskForSpace(Kring ring) => true;

    public override void RunPass()
    {
        // It has none.
    }
}
