using Ptnetmap.Client;

namespace Ptnetmap.Traffic.Programs;

/// <summary>What a guest program has done so far.</summary>
public struct GuestCounters
{
    /// <summary>Packets sent (a sender), received (a receiver) or passed on (an echo, a forwarder).</summary>
    public long Packets;

    /// <summary>Their bytes, without Ethernet's checksum.</summary>
    public long Bytes;

    /// <summary>Steps that moved at least one packet.</summary>
    public long Batches;

    /// <summary>Kicks sent to the host.</summary>
    public long Kicks;

    /// <summary>Publications for which the host wanted no kick.</summary>
    public long KicksSuppressed;

    /// <summary>Times that the program asked for an interrupt and slept.</summary>
    public long Sleeps;

    /// <summary>Sequence numbers left out and not seen since (verifying receivers).</summary>
    public long Lost;

    /// <summary>Sequence numbers seen again.</summary>
    public long Duplicated;

    /// <summary>Sequence numbers that came after a higher one.</summary>
    public long Reordered;

    /// <summary>Frames whose checksum or magic number is wrong.</summary>
    public long Damaged;

    /// <summary>Slots whose buffer index or length no honest partner writes.</summary>
    public long BadSlots;

    /// <summary>Nanoseconds of the longest time between two steps that received something (receivers that were asked to
    /// look): how long the path has stood still at most, once traffic is steady.</summary>
    public long LongestGap;

    /// <summary>Adds what another program has done; of the gaps, the longest counts.</summary>
    public void Add(in GuestCounters other)
    {
        Packets += other.Packets;
        Bytes += other.Bytes;
        Batches += other.Batches;
        Kicks += other.Kicks;
        KicksSuppressed += other.KicksSuppressed;
        Sleeps += other.Sleeps;
        Lost += other.Lost;
        Duplicated += other.Duplicated;
        Reordered += other.Reordered;
        Damaged += other.Damaged;
        BadSlots += other.BadSlots;
        LongestGap = Math.Max(LongestGap, other.LongestGap);
    }

    /// <summary>Adds what a ring counts itself.</summary>
    public void Add(GuestRing ring)
    {
        Kicks += ring.Kicks;
        KicksSuppressed += ring.KicksSuppressed;
        Sleeps += ring.Sleeps;
    }
}
