using Ptnetmap.Client;

namespace Ptnetmap.Traffic.Programs;

/// <summary>Has a port, and does nothing with it: what comes stays in the rings, and nobody is asked for an
/// interrupt.</summary>
/// <param name="port">The port.</param>
public sealed class Sleeper(NetmapPort port) : GuestProgram
{
    /// <inheritdoc/>
    public override GuestCounters Counters => default;

    /// <inheritdoc/>
    public override bool Step() => false;

    /// <inheritdoc/>
    public override void Wait(TimeSpan timeout) =>
        _ = port.Channel.WaitInterrupt([port.RxRings[0].CsbIndex], timeout);

    /// <inheritdoc/>
    public override void Wake() => port.Channel.Wake(port.RxRings[0].CsbIndex);
}
