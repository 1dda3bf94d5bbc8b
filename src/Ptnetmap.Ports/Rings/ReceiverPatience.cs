namespace Ptnetmap.Ports.Rings;

/// <summary>How long senders still wait for the receiver of a ring that is full. There is a most that it can have, it
/// is used up by the time that somebody waits, and comes back with what the receiver takes: one that takes nothing is
/// waited for once, and never again; one that is kept busy is waited for always. Used under the ring's lock.</summary>
public struct ReceiverPatience
{
    /// <summary>Nanoseconds of waiting that each slot is worth that the receiver takes: whoever takes a million packets
    /// a second, and has its share of a busy machine, loses none. A slower one keeps its senders for a part of the time
    /// only: at 100,000 packets a second for a tenth.</summary>
    public const long EarnedPerSlot = 1000;

    private long _used;
    private ulong _seen;
    private long _since;

    /// <summary>A sender found no space.</summary>
    /// <param name="most">The most patience that there is, nanoseconds.</param>
    /// <param name="consumed">Slots that the receiver has taken in all.</param>
    /// <param name="now">The monotonic clock, nanoseconds; not 0.</param>
    /// <returns>Nanoseconds that it may wait; 0 when it is not to.</returns>
    public long Ask(long most, ulong consumed, long now)
    {
        _used += _since == 0 ? 0 : now - _since;
        ulong earned = consumed - _seen;
        _used = earned >= (ulong)(_used / EarnedPerSlot) + 1 ? 0 : _used - ((long)earned * EarnedPerSlot);
        _seen = consumed;
        if (_used >= most)
        {
            (_used, _since) = (most, 0);
            return 0;
        }

        _since = now;
        return most - _used;
    }

    /// <summary>A sender found space: nobody is known to wait.</summary>
    public void Met(ulong consumed, long now)
    {
        if (_since != 0)
        {
            _ = Ask(long.MaxValue, consumed, now);
            _since = 0;
        }
    }

    /// <summary>Somebody waits.</summary>
    public readonly bool IsUsed => _since != 0;
}
