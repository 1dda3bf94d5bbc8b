using Ptnetmap.Linux;
using Ptnetmap.Ports;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Passthrough;

/// <summary>One direction of a <see cref="Splice"/>: what arrives on a receive ring of one port is sent on a transmit ring
/// of another, by swapping the slots' buffers. It is the user of both rings, with its pointers in private memory where a
/// guest's are in a CSB. The pass is the transmit ring's.</summary>
public sealed class SpliceLoop : SyncLoop
{
    private readonly Port _from;
    private readonly Kring _rx;
    private readonly ArrivalPace _pace = new();
    private uint _head;
    private uint _tail;
    private int _asleep;
    private int _feederWaits;

    /// <summary>Ties the rings together; both ports lie in one region.</summary>
    public SpliceLoop(Port from, Kring rx, Port to, Kring tx, EventFd kick, NotificationPolicy policy)
        : base(to, tx, kick, policy)
    {
        _from = from;
        _rx = rx;
        Source = from.SourceOf(rx);
    }

    /// <inheritdoc/>
    public override RxSource? Source { get; }

    /// <summary>The ring that packets arrive on.</summary>
    public Kring Receiving => _rx;

    private protected override long RetryNanoseconds => Port.RetryNanoseconds;

    // Who takes from the other port may be no guest, and never look before it sleeps.
    private protected override long HoldOffWhenBlocked => 0;

    private uint Available => _rx.Ring.Distance(_head, Source is null ? Volatile.Read(ref _tail) : _rx.HwTail);

    private uint Space => Ring.Ring.Distance(Ring.Head, Ring.HwTail);

    /// <summary>Slots that were moved on are the port's again.</summary>
    public override void Fetch(Kring ring)
    {
        if (ring == _rx)
        {
            uint head = Volatile.Read(ref _head);
            _ = ring.TryAdvance(head, head);
        }
    }

    /// <inheritdoc/>
    public override void Publish(Kring ring)
    {
        if (ring == _rx)
        {
            Volatile.Write(ref _tail, ring.HwTail);
        }
    }

    /// <inheritdoc/>
    public override void Notify(Kring ring)
    {
        if (ring != _rx)
        {
            return;
        }

        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _asleep) != 0 && Interlocked.Exchange(ref _asleep, 0) != 0)
        {
            Kick.Signal();
        }
    }

    /// <inheritdoc/>
    public override bool TryAskForSpace(Kring ring)
    {
        Interlocked.Exchange(ref _feederWaits, 1);
        if (Volatile.Read(ref _head) == ring.Head)
        {
            return true;
        }

        Volatile.Write(ref _feederWaits, 0);
        return false;
    }

    internal override void PullBeforeSleep() => RunPass();

    internal override void Disappear()
    {
        Leave(_rx);
        Leave(Ring);
    }

    internal override void FetchLast() => Fetch(_rx);

    private protected override void Appear()
    {
        _head = _rx.Head;
        _tail = _rx.HwTail;
        _rx.SetClient(this);
        Ring.SetClient(this);
    }

    private protected override SyncStatus Deliver(uint budget, ref uint moved)
    {
        Volatile.Write(ref _asleep, 0);
        while (moved < budget)
        {
            uint chunk = Math.Min(Chunk, budget - moved);
            SyncStatus arrived = Receive(chunk);
            uint taken = Swap(Math.Min(chunk, Math.Min(Available, MakeSpace())));
            SyncStatus left = Send(out uint sent);
            moved += Math.Max(taken, sent);
            if (taken == 0 && sent == 0)
            {
                bool stuck = left == SyncStatus.Blocked || Available != 0;
                return stuck ? SyncStatus.Blocked : arrived;
            }
        }

        return SyncStatus.More;
    }

    private protected override void NotifySides()
    {
        Port.NotifyReceivers(Ring);
        if (Interlocked.Exchange(ref _feederWaits, 0) != 0)
        {
            _from.PullFeeders(_rx);
        }
    }

    private protected override bool TryWaitForSpace()
    {
        if (!Port.TryAskForSpace(Ring))
        {
            return false;
        }

        CountStall();
        return true;
    }

    private protected override Kring? Stopper => Port.StopperOf(Ring);

    // What comes from other ports of ours comes at the speed of memory, and would fill the ring before a timer fires.
    private protected override long HoldOffAfter(uint moved, PassCause cause)
    {
        if (Source is not { } source)
        {
            return 0;
        }

        long time = _pace.HoldOffAfter(
            _rx.Counters.Packets, moved, _rx.SlotCount, Policy.HoldOffNanoseconds, LinuxThread.MonotonicNanoseconds);
        if (time != 0)
        {
            DisarmSource(source);
        }

        return time;
    }

    // As a guest that is about to sleep for want of packets: first what waits for us is brought, then we ask to be told.
    private protected override bool TryArm()
    {
        if (Source is { } source)
        {
            ArmSource(source);
            return true;
        }

        _from.PullFeeders(_rx);
        Interlocked.Exchange(ref _asleep, 1);
        if (Available != 0)
        {
            Volatile.Write(ref _asleep, 0);
            return false;
        }

        Ring.Counters.Sleeps++;
        return true;
    }

    private SyncStatus Receive(uint budget)
    {
        if (Source is not { } source)
        {
            return SyncStatus.Dry;
        }

        Fetch(_rx);
        return source.RxSync(_rx, budget);
    }

    // A NIC may have sent by now what it took before.
    private uint MakeSpace()
    {
        if (Space == 0 && Ring.Pending == 0)
        {
            _ = Port.Reclaim(Ring);
        }

        return Space;
    }

    private SyncStatus Send(out uint sent)
    {
        sent = 0;
        if (Ring.Pending == 0)
        {
            return SyncStatus.Dry;
        }

        uint before = Ring.HwCur;
        SyncStatus status = Port.TxSync(Ring, Chunk);
        sent = Ring.Ring.Distance(before, Ring.HwCur);
        return status;
    }

    // The slots' contents are checked where they are used: by the port that sends them. The high byte of a received slot
    // is a number of fragments; in a slot to send it would be a destination.
    private uint Swap(uint count)
    {
        uint at = _head;
        uint to = Ring.Head;
        for (uint left = count; left != 0;)
        {
            Span<NetmapSlot> source = _rx.Ring.Run(at, left);
            Span<NetmapSlot> target = Ring.Ring.Run(to, (uint)source.Length);
            for (int i = 0; i < target.Length; i++)
            {
                SlotWord full = source[i].Word;
                SlotWord empty = target[i].Word;
                SlotFlags flags = (full.Flags & SlotFlags.MoreFragments) | SlotFlags.BufferChanged;
                target[i].Word = new SlotWord(full.BufferIndex, full.Length, flags);
                source[i].Word = new SlotWord(empty.BufferIndex, 0, SlotFlags.BufferChanged);
            }

            at = _rx.Ring.Advance(at, (uint)target.Length);
            to = Ring.Ring.Advance(to, (uint)target.Length);
            left -= (uint)target.Length;
        }

        if (count != 0)
        {
            Volatile.Write(ref _head, at);
            _ = Ring.TryAdvance(to, to);
        }

        return count;
    }
}
