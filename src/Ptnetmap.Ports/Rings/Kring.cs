using System.Diagnostics;
using System.Runtime.CompilerServices;
using Ptnetmap.Memory;

namespace Ptnetmap.Ports.Rings;

/// <summary>The host's private state of one ring, and the truth about it: what stands in shared memory is the guest's
/// to scribble on. Head, cur and tail are what the user handed over last (and was let through), <c>hwcur</c> and
/// <c>hwtail</c> how far the port got.
/// <code>
/// tx:  the port sends      [hwcur, head)    the user fills   [head, hwtail)
/// rx:  the port fills      [hwtail, head-1) the user reads   [head, hwtail)
/// </code>
/// A transmit ring is held by whoever runs its loop. A receive ring, which can have many senders, is held by
/// <see cref="Lock"/>.</summary>
public sealed partial class Kring
{
    /// <summary>Held while <c>hwtail</c>, <c>claimed</c> or the client of a receive ring change.</summary>
    public RingLock Lock;

    /// <summary>Receive rings: how long senders still wait for space. Under the lock.</summary>
    public ReceiverPatience Patience;

    /// <summary>Counters; written by the holder only.</summary>
    public RingCounters Counters;

    private RingClient? _client;

    /// <summary>Makes the state of a ring that nobody has used yet.</summary>
    public Kring(string portName, int index, RingDirection direction, RingView ring, BufferPoolView buffers)
    {
        PortName = portName;
        Index = index;
        Direction = direction;
        Ring = ring;
        Buffers = buffers;
        HwTail = direction == RingDirection.Tx ? ring.SlotCount - 1 : 0;
        Claimed = HwTail;
        _leases = direction == RingDirection.Rx ? new uint[ring.SlotCount] : [];
        _leaseEnds = new uint[_leases.Length];
    }

    /// <summary>The port's name, for messages.</summary>
    public string PortName { get; }

    /// <summary>Its number among the port's rings of this direction.</summary>
    public int Index { get; }

    /// <summary>Both, for messages: <c>vale0:a ring tx0</c>.</summary>
    public string Name => $"{PortName} ring {(Direction == RingDirection.Tx ? "tx" : "rx")}{Index}";

    /// <summary>Tx or rx.</summary>
    public RingDirection Direction { get; }

    /// <summary>The ring in shared memory.</summary>
    public RingView Ring { get; }

    /// <summary>The buffers that its slots name.</summary>
    public BufferPoolView Buffers { get; }

    /// <summary>Number of slots.</summary>
    public uint SlotCount => Ring.SlotCount;

    /// <summary>First slot of the user, as last let through.</summary>
    public uint Head { get; private set; }

    /// <summary>The user's wake-up point.</summary>
    public uint Cur { get; private set; }

    /// <summary>First slot that the port has not dealt with.</summary>
    public uint HwCur { get; private set; }

    /// <summary>First slot that is not the user's.</summary>
    public uint HwTail { get; private set; }

    /// <summary>Receive rings: first slot that no sender has claimed; runs ahead of <see cref="HwTail"/> while packets
    /// are being copied in.</summary>
    public uint Claimed { get; private set; }

    /// <summary>Who uses the ring; null when no guest is attached.</summary>
    public RingClient? Client => Volatile.Read(ref _client);

    /// <summary>Slots that the user handed over and the port has not dealt with.</summary>
    public uint Pending => Ring.Distance(HwCur, Head);

    /// <summary>Receive rings: slots that a sender can claim.</summary>
    public uint Free => SlotCount - 1 - Ring.Distance(Head, Claimed);

    /// <summary>What had been counted when the present user came, or the last one: its predecessors' share.</summary>
    public RingCounters CountersBefore { get; private set; }

    /// <summary>Attaches or detaches the user.</summary>
    public void SetClient(RingClient? client)
    {
        Lock.Enter();
        CountersBefore = client is null ? CountersBefore : Counters;
        Volatile.Write(ref _client, client);
        Lock.Exit();
    }

    /// <summary>Lets the user's head and cur in, by netmap's prologue rules (<c>nm_txsync_prologue</c>,
    /// <c>nm_rxsync_prologue</c>): the head does not go back nor beyond the tail, the cur lies between the
    /// two.</summary>
    /// <returns>False when they break the rules: nothing has changed, the violation is counted.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryAdvance(uint head, uint cur)
    {
        uint count = SlotCount;
        if (head >= count || cur >= count
            || Ring.Distance(Head, head) > Ring.Distance(Head, HwTail)
            || Ring.Distance(head, cur) > Ring.Distance(head, HwTail))
        {
            Reinitialise();
            return false;
        }

        Head = head;
        Cur = cur;
        if (Direction == RingDirection.Rx)
        {
            HwCur = head;
        }

        return true;
    }

    /// <summary>Transmit rings: <paramref name="slots"/> more are sent and are the user's again.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Complete(uint slots)
    {
        Debug.Assert(Direction == RingDirection.Tx && slots <= Pending, "what is sent was handed over");
        HwCur = Ring.Advance(HwCur, slots);
        HwTail = HwCur == 0 ? SlotCount - 1 : HwCur - 1;
    }

    /// <summary>Transmit rings of ports that give slots back later than they take them: <paramref name="slots"/> more
    /// are on their way out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Submit(uint slots)
    {
        Debug.Assert(Direction == RingDirection.Tx && slots <= Pending, "what is taken was handed over");
        HwCur = Ring.Advance(HwCur, slots);
    }

    /// <summary>Transmit rings of such ports: the oldest <paramref name="slots"/> of those on their way
    /// (<see cref="InFlight"/>) have left, and are the user's again.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Return(uint slots)
    {
        Debug.Assert(Direction == RingDirection.Tx && slots <= InFlight, "what is given back was taken");
        HwTail = Ring.Advance(HwTail, slots);
    }

    /// <summary>Transmit rings: slots that the port took and has not given back.</summary>
    public uint InFlight => Ring.Distance(Ring.Next(HwTail), HwCur);

    /// <summary>Receive rings with a single sender: <paramref name="filled"/> slots from <see cref="Claimed"/> on hold
    /// data, of which the first <paramref name="complete"/>, counted from <c>hwtail</c>, are whole packets.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Fill(uint filled, uint complete)
    {
        Debug.Assert(Direction == RingDirection.Rx && filled <= Free, "what is filled was free");
        Debug.Assert(_oldestLease == _nextLease, "a ring with a single sender has no claims");
        Debug.Assert(complete <= Ring.Distance(HwTail, Claimed) + filled, "what is shown is filled");
        Claimed = Ring.Advance(Claimed, filled);
        HwTail = Ring.Advance(HwTail, complete);
    }

    /// <summary>Forgets what is in the ring: unsent packets (tx), unread ones (rx), counted as drops. Nobody uses the
    /// ring.</summary>
    public void Discard(DropReason reason)
    {
        uint slots = Direction == RingDirection.Tx ? Pending : Ring.Distance(Head, HwTail);
        uint at = Direction == RingDirection.Tx ? HwCur : Head;
        for (uint left = slots; left != 0; left--)
        {
            bool ends = left == 1 || !Ring.Slots[(int)at].Word.Has(SlotFlags.MoreFragments);
            Counters.Drops.Add(reason, ends ? 1 : 0);
            at = Ring.Next(at);
        }

        if (Direction == RingDirection.Tx)
        {
            Complete(slots);
        }
        else
        {
            _ = TryAdvance(HwTail, HwTail);
        }
    }

    // netmap_ring_reinit(): the ring goes on from the kring's state. The CSB's own words are the guest's; it gets the
    // ring's header set right, and hwcur/hwtail with the next publication.
    private void Reinitialise()
    {
        Counters.Violations++;
        Ring.Header.Head = Head;
        Ring.Header.Cur = Cur;
        Ring.Header.Tail = HwTail;
    }
}
