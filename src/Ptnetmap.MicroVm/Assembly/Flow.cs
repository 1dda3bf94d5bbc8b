using Ptnetmap.MicroVm.Image;

namespace Ptnetmap.MicroVm.Assembly;

/// <summary>Frames of a receive ring that go to a transmit ring.</summary>
/// <param name="From">The receive ring.</param>
/// <param name="To">The transmit ring.</param>
internal sealed record Flow(GuestRing From, GuestRing To)
{
    /// <summary>The rings of one port, each to the ring of the same number of another; more receive rings than transmit
    /// rings share.</summary>
    internal static IEnumerable<Flow> Between(GuestImage image, int from, int to)
    {
        GuestRing[] targets = [.. image.RingsOf(to, RingDirection.Tx)];
        return image.RingsOf(from, RingDirection.Rx).Select(ring => new Flow(ring, targets[ring.Id % targets.Length]));
    }
}
