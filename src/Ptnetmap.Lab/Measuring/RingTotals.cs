using Ptnetmap.Passthrough;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Lab.Measuring;

/// <summary>The host's counters, summed over rings.</summary>
public struct RingTotals
{
    /// <summary>Packets that passes moved: out of transmit rings, and into receive rings that are fed from
    /// outside.</summary>
    public long Packets;

    /// <summary>Passes that moved some.</summary>
    public long Batches;

    /// <summary>Kicks from guests.</summary>
    public long Kicks;

    /// <summary>Interrupts to guests.</summary>
    public long Interrupts;

    /// <summary>Times that a loop armed its kick and slept.</summary>
    public long Sleeps;

    /// <summary>Times that a full receiver stopped a sender's ring.</summary>
    public long Stalls;

    /// <summary>Pointers outside their limits.</summary>
    public long Violations;

    /// <summary>Drops by reason.</summary>
    public DropCounters Drops;

    /// <summary>Adds a ring's.</summary>
    public void Add(Kring ring)
    {
        ref RingCounters counters = ref ring.Counters;
        if (ring.Direction == RingDirection.Tx || (ring.Client is SyncLoop loop && loop.Ring == ring))
        {
            Packets += counters.Packets;
            Batches += counters.Batches;
        }

        Kicks += counters.Kicks;
        Interrupts += counters.Interrupts;
        Sleeps += counters.Sleeps;
        Stalls += counters.Stalls;
        Violations += counters.Violations;
        for (int reason = 0; reason < DropCounters.Length; reason++)
        {
            Drops[reason] += counters.Drops[reason];
        }
    }
}
