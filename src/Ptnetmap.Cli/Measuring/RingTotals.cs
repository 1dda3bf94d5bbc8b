using Ptnetmap.Passthrough;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Cli.Measuring;

/// <summary>The host's counters, summed over rings.</summary>
internal struct RingTotals
{
    /// <summary>Packets that passes moved: out of transmit rings, and into receive rings that are fed from outside.</summary>
    internal long Packets;

    /// <summary>Passes that moved some.</summary>
    internal long Batches;

    /// <summary>Kicks from guests.</summary>
    internal long Kicks;

    /// <summary>Interrupts to guests.</summary>
    internal long Interrupts;

    /// <summary>Times that a loop armed its kick and slept.</summary>
    internal long Sleeps;

    /// <summary>Times that a full receiver stopped a sender's ring.</summary>
    internal long Stalls;

    /// <summary>Pointers outside their limits.</summary>
    internal long Violations;

    /// <summary>Drops by reason.</summary>
    internal DropCounters Drops;

    /// <summary>Adds a ring's.</summary>
    internal void Add(Kring ring)
    {
        ref RingCounters counters = ref ring.Counters;
        if (ring.Direction == RingDirection.Tx || ring.Client is RxSourceLoop)
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
