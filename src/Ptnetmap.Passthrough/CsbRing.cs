using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.Ports;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Passthrough;

/// <summary>A guest's ring as the port sees it: pointers in a CSB, a kick and an interrupt. Base of the two directions.</summary>
public abstract class CsbRing : RingClient
{
    private uint _seenHead;
    private uint _seenCur;

    /// <summary>Ties ring and CSB entry together.</summary>
    protected CsbRing(Port port, Kring ring, CsbHostView csb, EventFd kick, EventFd interrupt)
    {
        Port = port;
        Ring = ring;
        Csb = csb;
        Kick = kick;
        Interrupt = interrupt;
    }

    /// <summary>The port.</summary>
    public Port Port { get; }

    /// <summary>The ring.</summary>
    public Kring Ring { get; }

    /// <summary>From the guest.</summary>
    public EventFd Kick { get; }

    /// <summary>To the guest.</summary>
    public EventFd Interrupt { get; }

    /// <summary>The entry in the CSB.</summary>
    protected CsbHostView Csb { get; }

    /// <summary>The worker that serves the ring's kick; set by <see cref="Worker.Add"/>.</summary>
    internal Worker? Worker { get; set; }

    /// <inheritdoc/>
    public sealed override void Fetch(Kring ring)
    {
        uint head = Csb.ReadHeadAcquire();
        uint cur = Csb.ReadCurAcquire();
        if (head != _seenHead || cur != _seenCur)
        {
            _seenHead = head;
            _seenCur = cur;
            _ = ring.TryAdvance(head, cur);
        }
    }

    /// <inheritdoc/>
    public sealed override void Publish(Kring ring) => Csb.WriteHwCurHwTailRelease(ring.HwCur, ring.HwTail);

    /// <summary>Wakes the guest if it sleeps. A receive ring is told by many senders at once: hence the locked counts.</summary>
    public sealed override void Notify(Kring ring)
    {
        var side = new SignallingSide(Csb);
        if (NotificationGate.MustSignal(ref side))
        {
            Interlocked.Increment(ref ring.Counters.Interrupts);
            Interrupt.Signal();
        }
        else
        {
            Interlocked.Increment(ref ring.Counters.InterruptsSuppressed);
        }
    }

    /// <summary>Serves the ring's kick, on its worker's thread.</summary>
    /// <returns>True when there is more to do than one turn's budget.</returns>
    internal abstract bool OnKick(bool maySpin);

    /// <summary>The guest is about to sleep: does what it would be woken for, on the caller's thread.</summary>
    internal abstract void PullBeforeSleep();

    /// <summary>Writes both halves of the CSB as the kring has them, before the guest is told that the port runs.</summary>
    internal virtual void Start()
    {
        _seenHead = Ring.Head;
        _seenCur = Ring.Cur;
        Csb.InitialiseApplication(Ring.Head, Ring.Cur);
        Csb.WriteKernNeedKick(false);
        Publish(Ring);
        Ring.SetClient(this);
    }

    /// <summary>Arms the kick, fences, and looks at the guest's head again.</summary>
    /// <returns>False when the head has moved meanwhile: the kick is disarmed again.</returns>
    protected bool TryArmKick()
    {
        var side = new ArmingSide(Csb, _seenHead);
        return NotificationGate.TryArm(ref side);
    }

    private readonly struct SignallingSide(CsbHostView csb) : IPublishingSide
    {
        public void Fence() => Interlocked.MemoryBarrier();

        public bool ReadNeedKick() => csb.ReadApplNeedKick();
    }

    // The raw head is compared with the raw head of the last look, not with the kring's: a guest that leaves a bad value
    // there would otherwise be news for ever.
    private readonly struct ArmingSide(CsbHostView csb, uint seenHead) : ISleepingSide
    {
        public void WriteNeedKick(bool needed) => csb.WriteKernNeedKick(needed);

        public void Fence() => Interlocked.MemoryBarrier();

        public bool HasNews() => csb.ReadHeadAcquire() != seenHead;
    }
}
