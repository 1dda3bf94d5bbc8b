using Ptnetmap.Passthrough;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Daemon.Api;

/// <summary>A ring's state and counters.</summary>
public sealed record RingReport
{
    /// <summary>tx or rx.</summary>
    [Schema("tx", "rx")]
    public required string Direction { get; init; }

    /// <summary>Its number among the port's rings of this direction.</summary>
    public required int Ring { get; init; }

    /// <summary>Number of slots.</summary>
    public required uint Slots { get; init; }

    /// <summary>First slot of the user.</summary>
    public required uint Head { get; init; }

    /// <summary>First slot that the port has not dealt with.</summary>
    public required uint HwCur { get; init; }

    /// <summary>First slot that is not the user's.</summary>
    public required uint HwTail { get; init; }

    /// <summary>Packets moved.</summary>
    public required long Packets { get; init; }

    /// <summary>Their bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>Passes that moved something.</summary>
    public required long Batches { get; init; }

    /// <summary>Kicks that came.</summary>
    public required long Kicks { get; init; }

    /// <summary>Kicks that the guest was spared.</summary>
    public required long KicksSuppressed { get; init; }

    /// <summary>Interrupts sent.</summary>
    public required long Interrupts { get; init; }

    /// <summary>Interrupts that the guest was spared.</summary>
    public required long InterruptsSuppressed { get; init; }

    /// <summary>Times that the loop went to sleep.</summary>
    public required long Sleeps { get; init; }

    /// <summary>Times that a receiver without space stopped the ring.</summary>
    public required long Stalls { get; init; }

    /// <summary>Pointers outside their limits, and overwritten slots that were not the guest's.</summary>
    public required long Violations { get; init; }

    /// <summary>Receive rings: packets that found no free slot.</summary>
    [Schema(Help = "rx rings: packets that found no free slot")]
    public long Missed { get; init; }

    /// <summary>Dropped packets by reason, where there are any.</summary>
    public required IReadOnlyDictionary<string, long> Drops { get; init; }

    /// <summary>Why the ring stands still for good; null while it works.</summary>
    [Schema(Help = "Why the ring stands still for good; absent while it works")]
    public string? Failure { get; init; }

    /// <summary>Reads a ring while it runs.</summary>
    public static RingReport Of(Kring ring)
    {
        RingCounters counters = ring.Counters;
        return new RingReport
        {
            Direction = DropNames.Of(ring.Direction),
            Ring = ring.Index,
            Slots = ring.SlotCount,
            Head = ring.Head,
            HwCur = ring.HwCur,
            HwTail = ring.HwTail,
            Packets = counters.Packets,
            Bytes = counters.Bytes,
            Batches = counters.Batches,
            Kicks = counters.Kicks,
            KicksSuppressed = counters.KicksSuppressed,
            Interrupts = counters.Interrupts,
            InterruptsSuppressed = counters.InterruptsSuppressed,
            Sleeps = counters.Sleeps,
            Stalls = counters.Stalls,
            Violations = counters.Violations,
            Missed = counters.Missed,
            Drops = DropsOf(counters.Drops),
            Failure = (ring.Client as ServedRing)?.Failure?.Message,
        };
    }

    /// <summary>Drops by the reason's name, those that occurred.</summary>
    public static Dictionary<string, long> DropsOf(DropCounters drops)
    {
        var named = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (DropReason reason in DropNames.Reasons)
        {
            if (drops.Of(reason) != 0)
            {
                named.Add(DropNames.Of(reason), drops.Of(reason));
            }
        }

        return named;
    }
}
