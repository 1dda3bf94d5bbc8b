namespace Ptnetmap.Ports.Rings;

/// <content>Leases: many senders fill one receive ring at once. A sender claims slots under the lock, copies outside it,
/// and reports back; <c>hwtail</c> moves on over the oldest leases that are done, so that the receiver never sees a gap.</content>
public sealed partial class Kring
{
    private const uint Open = uint.MaxValue;

    private readonly uint[] _leases;
    private uint _oldestLease;
    private uint _nextLease;

    /// <summary>Claims <paramref name="slots"/> slots from <see cref="Claimed"/> on, at least one and at most
    /// <see cref="Free"/>. The caller holds the lock.</summary>
    /// <returns>The lease, to be given to <see cref="Release"/>.</returns>
    public uint Lease(uint slots)
    {
        // There are as many places as slots, and each lease has at least one slot: a place is always free.
        uint lease = _nextLease;
        _nextLease = Ring.Next(lease);
        _leases[lease] = Open;
        Claimed = Ring.Advance(Claimed, slots);
        return lease;
    }

    /// <summary>The slots of <paramref name="lease"/> are filled up to <paramref name="end"/>. The caller holds the lock.</summary>
    /// <returns>True when <c>hwtail</c> has moved and wants publishing.</returns>
    public bool Release(uint lease, uint end)
    {
        _leases[lease] = end;
        bool moved = false;
        while (_oldestLease != _nextLease && _leases[_oldestLease] != Open)
        {
            HwTail = _leases[_oldestLease];
            _oldestLease = Ring.Next(_oldestLease);
            moved = true;
        }

        return moved;
    }
}
