using System.Runtime.InteropServices;

namespace Ptnetmap.Ports.Rings;

/// <summary>What one ring has done. Plain 64-bit numbers with one writer, whoever holds the ring; readers look while it
/// runs and see each number whole, if not all of one instant. Padded, so that a reader does not slow a
/// neighbour.</summary>
[StructLayout(LayoutKind.Sequential, Size = 320)]
public struct RingCounters
{
    /// <summary>Keeps the neighbours away.</summary>
    private readonly ulong _padding0, _padding1, _padding2, _padding3, _padding4, _padding5, _padding6, _padding7;

    /// <summary>Packets moved out of (tx) or into (rx) the ring.</summary>
    public long Packets;

    /// <summary>Their bytes, without Ethernet's checksum.</summary>
    public long Bytes;

    /// <summary>Passes that moved something.</summary>
    public long Batches;

    /// <summary>Kicks that came.</summary>
    public long Kicks;

    /// <summary>Passes that found work without a kick: each kick that the guest was spared.</summary>
    public long KicksSuppressed;

    /// <summary>Interrupts sent.</summary>
    public long Interrupts;

    /// <summary>News that the guest had not asked to be interrupted for.</summary>
    public long InterruptsSuppressed;

    /// <summary>Times that the loop armed its kick and went to sleep.</summary>
    public long Sleeps;

    /// <summary>Times that the ring asked a receiver without space to say when it has some, and stood
    /// still.</summary>
    public long Stalls;

    /// <summary>What the ring's user did against the rules: head or cur outside their limits (the ring was
    /// re-initialised), and slots of a receive ring that it overwrote while they were not its own.</summary>
    public long Violations;

    /// <summary>Of the violations, those that were overwritten slots.</summary>
    public long SpoiledSlots;

    /// <summary>Receive rings: packets that found no free slot here. Each is a <see cref="DropReason.NoSpace"/> at the
    /// ring that sent it.</summary>
    public long Missed;

    /// <summary>Dropped packets by reason.</summary>
    public DropCounters Drops;

    /// <summary>Counts violations by overwritten slots.</summary>
    public void AddSpoiled(long count)
    {
        SpoiledSlots += count;
        Violations += count;
    }
}
