using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Daemon.Observing;

/// <summary>What a guest did that no honest one does, counted over its rings.</summary>
/// <param name="Violations">Pointers outside their limits.</param>
/// <param name="BadBuffers">Slots that named no buffer of the region.</param>
/// <param name="BadLengths">Slots with lengths that no buffer holds, and packets that are too short or of too many slots.</param>
/// <param name="BadFlags">Slots with flags that are not served.</param>
/// <param name="BadReceiverSlots">Packets that went no further because a receiver had overwritten slots that were not its own.</param>
public readonly record struct Misdeeds(long Violations, long BadBuffers, long BadLengths, long BadFlags, long BadReceiverSlots)
{
    /// <summary>All of them.</summary>
    public long Total => Violations + BadBuffers + BadLengths + BadFlags + BadReceiverSlots;

    /// <summary>Counts those of one ring.</summary>
    public static Misdeeds Of(Kring ring)
    {
        ref readonly DropCounters drops = ref ring.Counters.Drops;
        return new Misdeeds(
            ring.Counters.Violations,
            drops.Of(DropReason.BadBufferIndex),
            drops.Of(DropReason.BadLength) + drops.Of(DropReason.TooManyFragments) + drops.Of(DropReason.Runt),
            drops.Of(DropReason.UnsupportedFlag),
            drops.Of(DropReason.BadReceiverSlot));
    }

    /// <summary>Both together.</summary>
    public static Misdeeds operator +(Misdeeds left, Misdeeds right) => new(
        left.Violations + right.Violations,
        left.BadBuffers + right.BadBuffers,
        left.BadLengths + right.BadLengths,
        left.BadFlags + right.BadFlags,
        left.BadReceiverSlots + right.BadReceiverSlots);

    /// <summary>What came since.</summary>
    public static Misdeeds operator -(Misdeeds left, Misdeeds right) => new(
        left.Violations - right.Violations,
        left.BadBuffers - right.BadBuffers,
        left.BadLengths - right.BadLengths,
        left.BadFlags - right.BadFlags,
        left.BadReceiverSlots - right.BadReceiverSlots);

    /// <summary>In words, only those that there are.</summary>
    public override string ToString() => string.Join(", ", Parts());

    private IEnumerable<string> Parts()
    {
        if (Violations > 0)
        {
            yield return $"{Violations} ring pointers outside their limits";
        }

        if (BadBuffers > 0)
        {
            yield return $"{BadBuffers} slots without a valid buffer";
        }

        if (BadLengths > 0)
        {
            yield return $"{BadLengths} packets of impossible length";
        }

        if (BadFlags > 0)
        {
            yield return $"{BadFlags} slots with unserved flags";
        }

        if (BadReceiverSlots > 0)
        {
            yield return $"{BadReceiverSlots} packets lost to a receiver that overwrote slots not its own";
        }
    }
}
