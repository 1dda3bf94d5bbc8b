using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Tests.Ports.Switching;

/// <summary>A user of a ring without a CSB between: it says its head and sees the tail.</summary>
internal sealed class DirectClient : RingClient
{
    private uint _head;
    private uint _tail;
    private int _notifications;

    /// <summary>The first slot that the user keeps.</summary>
    public uint Head
    {
        get => Volatile.Read(ref _head);
        set => Volatile.Write(ref _head, value);
    }

    /// <summary>What was published last.</summary>
    public uint Tail => Volatile.Read(ref _tail);

    /// <summary>How often it was asked to say when it has space.</summary>
    public int Asked { get; private set; }

    /// <summary>Called when a receiver wants this ring's packets.</summary>
    public Action<uint, bool>? Pulled { get; set; }

    /// <summary>Whether the ring's lock was held at each look at what was handed over.</summary>
    public List<bool> Looks { get; } = [];

    public int Notifications => Volatile.Read(ref _notifications);

    public override void Fetch(Kring ring) => ring.TryAdvance(Head, Head);

    public override void Publish(Kring ring) => Volatile.Write(ref _tail, ring.HwTail);

    public override void Notify(Kring ring) => Interlocked.Increment(ref _notifications);

    public override bool TryAskForSpace(Kring ring)
    {
        Asked++;
        return Head == ring.Head;
    }

    public override uint LookAhead(Kring ring)
    {
        Looks.Add(ring.Lock.IsHeld);
        return ring.Pending;
    }

    public override void Pull(uint most, bool insists) => Pulled?.Invoke(most, insists);

    public override void RunPass() => throw new NotSupportedException("a switch runs nobody's pass");
}
