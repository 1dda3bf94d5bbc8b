using Ptnetmap.Linux;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Daemon.Observing;

/// <summary>What a guest did that no honest one does, counted over its rings. What others did to it is not among them:
/// the packets that a receiver lost by overwriting its slots, which are drops of the sender's ring, and what came into
/// a receive ring from outside.</summary>
/// <param name="Pointers">Ring pointers outside their limits.</param>
/// <param name="BadBuffers">Slots that named no buffer of the region.</param>
/// <param name="BadLengths">Slots with lengths that no buffer holds, and packets that are too short or of too many
/// slots.</param>
/// <param name="BadFlags">Slots with flags that are not served.</param>
/// <param name="SpoiledSlots">Slots of a receive ring that it overwrote while they were not its own.</param>
public readonly record struct Misdeeds(long Pointers, long BadBuffers, long BadLengths, long BadFlags,
    long SpoiledSlots)
{
    /// <summary>All of them.</summary>
    public long Total => Pointers + BadBuffers + BadLengths + BadFlags + SpoiledSlots;

    /// <summary>Counts those of one ring.</summary>
    public static Misdeeds Of(Kring ring) => Of(ring.Direction, in ring.Counters);

    /// <summary>Counts those of one ring in the time of its user's predecessors.</summary>
    public static Misdeeds Before(Kring ring)
    {
        RingCounters counters = ring.CountersBefore;
        return Of(ring.Direction, in counters);
    }

    /// <summary>Both together.</summary>
    public static Misdeeds operator +(Misdeeds left, Misdeeds right) => new(
        left.Pointers + right.Pointers,
        left.BadBuffers + right.BadBuffers,
        left.BadLengths + right.BadLengths,
        left.BadFlags + right.BadFlags,
        left.SpoiledSlots + right.SpoiledSlots);

    /// <summary>What came since.</summary>
    public static Misdeeds operator -(Misdeeds left, Misdeeds right) => new(
        left.Pointers - right.Pointers,
        left.BadBuffers - right.BadBuffers,
        left.BadLengths - right.BadLengths,
        left.BadFlags - right.BadFlags,
        left.SpoiledSlots - right.SpoiledSlots);

    /// <summary>In words, only those that there are.</summary>
    public override string ToString() => string.Join(", ", Parts());

    private static Misdeeds Of(RingDirection direction, ref readonly RingCounters counters)
    {
        ref readonly DropCounters drops = ref counters.Drops;
        long violations = counters.Violations;
        long spoiled = counters.SpoiledSlots;
        long pointers = violations - spoiled;
        return direction == RingDirection.Rx ? new Misdeeds(pointers, 0, 0, 0, spoiled) : new Misdeeds(
            pointers,
            drops.Of(DropReason.BadBufferIndex),
            drops.Of(DropReason.BadLength) + drops.Of(DropReason.TooManyFragments) + drops.Of(DropReason.Runt),
            drops.Of(DropReason.UnsupportedFlag),
            spoiled);
    }

    private IEnumerable<string> Parts()
    {
        if (Pointers > 0)
        {
            yield return $"{Quantity.Of(Pointers, "ring pointer")} outside the limits";
        }

        if (BadBuffers > 0)
        {
            yield return $"{Quantity.Of(BadBuffers, "slot")} without a valid buffer";
        }

        if (BadLengths > 0)
        {
            yield return $"{Quantity.Of(BadLengths, "packet")} of impossible length";
        }

        if (BadFlags > 0)
        {
            yield return $"{Quantity.Of(BadFlags, "slot")} with unserved flags";
        }

        if (SpoiledSlots > 0)
        {
            yield return $"{Quantity.Of(SpoiledSlots, "receive slot")} overwritten while not its own";
        }
    }
}
