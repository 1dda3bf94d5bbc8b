using System.Diagnostics;

namespace Ptnetmap.Ports.Rings;

/// <content>Leases: many senders fill one receive ring at once. A sender claims slots under the lock, copies outside
/// it, and reports back; <c>hwtail</c> moves on over the oldest leases that are done, so that the receiver never sees a
/// gap.</content>
public sealed partial class Kring
{
    // Of a lease that is open: the thread that has it, in place of the slot where it ends.
    private const uint Open = 1u << 31;

    private readonly uint[] _leases;
    private readonly uint[] _leaseEnds;
    private uint _oldestLease;
    private ulong _leased;
    private uint _nextLease;

    /// <summary>Slots that were claimed and have come back from the user since, in all.</summary>
    public ulong Consumed => _leased - Ring.Distance(Head, Claimed);

    private static uint OpenByMe => Open | (uint)Environment.CurrentManagedThreadId;

    /// <summary>Claims <paramref name="slots"/> slots from <see cref="Claimed"/> on, at least one and at most
    /// <see cref="Free"/>. The caller holds the lock.</summary>
    /// <returns>The lease, to be given to <see cref="Release"/> by the same thread.</returns>
    public uint Lease(uint slots)
    {
        Debug.Assert(Direction == RingDirection.Rx && Lock.IsHeld, "claims are made of receive rings, under the lock");
        Debug.Assert(slots != 0 && slots <= Free, "a claim has a slot at least, and free ones only");

        // There are as many places as slots, and each lease has at least one slot: a place is always free.
        uint lease = _nextLease;
        _nextLease = Ring.Next(lease);
        _leases[lease] = OpenByMe;
        Claimed = Ring.Advance(Claimed, slots);
        _leaseEnds[lease] = Claimed;
        _leased += slots;
        return lease;
    }

    /// <summary>The slots of <paramref name="lease"/> are filled up to <paramref name="end"/>. The caller holds the
    /// lock.</summary>
    /// <returns>True when <c>hwtail</c> has moved and wants publishing.</returns>
    public bool Release(uint lease, uint end)
    {
        Debug.Assert(Lock.IsHeld, "claims are handed over under the lock");
        Debug.Assert((_leases[lease] & Open) != 0, "a claim is handed over once");
        Debug.Assert(Ring.Distance(HwTail, end) <= Ring.Distance(HwTail, Claimed), "it ends in what was claimed");
        _leases[lease] = end;
        bool moved = false;
        while (_oldestLease != _nextLease && (_leases[_oldestLease] & Open) == 0)
        {
            HwTail = _leases[_oldestLease];
            _oldestLease = Ring.Next(_oldestLease);
            moved = true;
        }

        return moved;
    }

    /// <summary>Releases what the calling thread has claimed and will not fill: the receiver gets empty slots there,
    /// and other senders' packets behind them. The caller holds the lock.</summary>
    /// <returns>True when <c>hwtail</c> has moved and wants publishing.</returns>
    public bool GiveUpLeases()
    {
        bool moved = false;
        uint start = HwTail;
        for (uint lease = _oldestLease; lease != _nextLease; lease = Ring.Next(lease))
        {
            uint end = _leaseEnds[lease];
            if (_leases[lease] == OpenByMe)
            {
                Blank(start, Ring.Distance(start, end));
                moved |= Release(lease, end);
            }

            start = end;
        }

        return moved;
    }

    /// <summary>Empties slots of a receive ring that are the caller's to fill: what a receiver gets where no packet can
    /// be.</summary>
    internal void Blank(uint from, uint slots)
    {
        for (uint at = from; slots != 0; slots--)
        {
            ref NetmapSlot slot = ref Ring.Slots[(int)at];
            slot.Word = SlotWord.Received(slot.BufferIndex, length: 0);
            at = Ring.Next(at);
        }
    }
}
