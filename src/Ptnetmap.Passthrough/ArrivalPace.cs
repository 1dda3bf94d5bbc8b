namespace Ptnetmap.Passthrough;

/// <summary>How fast packets come that somebody else brings, and after which time it is worth to look again. Being told
/// of every burst costs a wake-up for a few dozen packets, paid in part by the core that brings them. So while bursts
/// follow each other a loop looks by itself, when a quarter of the ring will have come at the rate of now.</summary>
public sealed class ArrivalPace
{
    // What the kernel brings in one go; fewer are told at once. Packets, not slots: of a TCP connection's large ones
    // each is waited for by the other end.
    private const uint Burst = 16;
    private const long LongestPause = 1_000_000;
    private const long ShortestHoldOff = 10_000;

    private long _lastNews;
    private long _lastPackets;
    private long _quarter;

    /// <summary>Nanoseconds in which a quarter of the ring came when last asked: when to look for a user that fetched
    /// by itself, found nothing, and sleeps.</summary>
    public long Quarter => Math.Max(_quarter, ShortestHoldOff);

    /// <summary>Nanoseconds until a quarter of the ring will have come since the last news; 0: it has, or so nearly
    /// that a sleep is not worth it.</summary>
    /// <param name="now">The monotonic clock.</param>
    public long LeftOfQuarter(long now)
    {
        long left = _lastNews + _quarter - now;
        return left < ShortestHoldOff ? 0 : left;
    }

    /// <summary>Nanoseconds for which nobody needs to tell us, after a pass that moved so many slots; 0: they are
    /// to.</summary>
    /// <param name="packets">Packets that have come in all.</param>
    /// <param name="moved">Slots that the pass moved.</param>
    /// <param name="slots">Slots of the ring.</param>
    /// <param name="most">Longest time.</param>
    /// <param name="now">The monotonic clock.</param>
    /// <param name="byUser">The ring's user fetched them on its way to sleep. It comes back when it has read them, so a
    /// look in between would only work beside it.</param>
    public long HoldOffAfter(long packets, uint moved, uint slots, long most, long now, bool byUser = false)
    {
        if (moved == 0)
        {
            return 0;
        }

        long elapsed = now - _lastNews;
        _lastNews = now;
        long news = packets - _lastPackets;
        _lastPackets = packets;
        if (news < Burst || elapsed > LongestPause)
        {
            return 0;
        }

        _quarter = Math.Min(slots / 4 * elapsed / moved, most);
        return byUser ? most : Quarter;
    }
}
