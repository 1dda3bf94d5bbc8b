using Ptnetmap.Linux;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Passthrough;

/// <summary>The user of a splice's two rings, one direction: its pointers are in private memory where a guest's are in
/// a CSB. Those of the transmit ring are the kring's own.</summary>
internal sealed class SpliceUser(Kring receiving, Kring sending, EventFd kick) : RingUser(receiving, sending)
{
    private uint _head;
    private uint _tail;
    private int _asleep;
    private int _feederWaits;

    /// <summary>The ring that packets arrive on.</summary>
    internal Kring Receiving => receiving;

    internal Kring Sending => sending;

    /// <summary>First slot of the receive ring that was not moved on.</summary>
    internal uint Head => _head;

    internal uint Tail => Volatile.Read(ref _tail);

    internal override void Start()
    {
        _head = receiving.Head;
        _tail = receiving.HwTail;
    }

    /// <summary>Slots that were moved on are the port's again.</summary>
    internal override void Fetch(Kring ring)
    {
        if (ring == receiving)
        {
            uint head = Volatile.Read(ref _head);
            _ = ring.TryAdvance(head, head);
        }
    }

    internal override void Publish(Kring ring)
    {
        if (ring == receiving)
        {
            Volatile.Write(ref _tail, ring.HwTail);
        }
    }

    internal override void Notify(Kring ring)
    {
        if (ring != receiving)
        {
            return;
        }

        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _asleep) != 0 && Interlocked.Exchange(ref _asleep, 0) != 0)
        {
            kick.Signal();
        }
    }

    internal override bool TryAskForSpace(Kring ring)
    {
        Interlocked.Exchange(ref _feederWaits, 1);
        if (Volatile.Read(ref _head) == ring.Head)
        {
            return true;
        }

        Volatile.Write(ref _feederWaits, 0);
        return false;
    }

    /// <summary>What comes before it was moved on.</summary>
    internal void MoveTo(uint head) => Volatile.Write(ref _head, head);

    /// <summary>Need not be told of packets.</summary>
    internal void Wake() => Volatile.Write(ref _asleep, 0);

    /// <summary>Asks to be told of packets, and fences: the caller looks again.</summary>
    internal void Sleep() => Interlocked.Exchange(ref _asleep, 1);

    /// <summary>True when a sender asked to be told of space, once.</summary>
    internal bool TakeFeederWaits() => Interlocked.Exchange(ref _feederWaits, 0) != 0;
}
