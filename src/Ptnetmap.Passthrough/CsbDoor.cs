using System.Diagnostics;
using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Passthrough;

/// <summary>A guest behind one ring: its pointers in a CSB, and the interrupt that wakes it.</summary>
internal sealed class CsbDoor(Kring ring, CsbHostView csb, EventFd interrupt, bool resumes) : RingUser(ring)
{
    private uint _seenHead;
    private uint _seenCur;
    private bool _isArmed;

    internal Kring Ring => ring;

    /// <summary>Copies the guest's pointers, checks them, and takes them over.</summary>
    internal override void Fetch(Kring ring)
    {
        Debug.Assert(ring == Ring, "a guest has a door for each ring");
        uint head = csb.ReadHeadAcquire();
        uint cur = csb.ReadCurAcquire();
        if (head != _seenHead || cur != _seenCur)
        {
            _seenHead = head;
            _seenCur = cur;
            _ = ring.TryAdvance(head, cur);
        }
    }

    /// <summary>Shows the guest how far the port got.</summary>
    internal override void Publish(Kring ring) => csb.WriteHwCurHwTailRelease(ring.HwCur, ring.HwTail);

    /// <summary>Wakes the guest if it sleeps. A receive ring is told by many senders at once: hence the locked
    /// counts.</summary>
    internal override void Notify(Kring ring)
    {
        if (AsksToBeWoken(ring))
        {
            Interlocked.Increment(ref ring.Counters.Interrupts);
            interrupt.Signal();
        }
        else
        {
            Interlocked.Increment(ref ring.Counters.InterruptsSuppressed);
        }
    }

    internal override uint LookAhead(Kring ring)
    {
        uint head = csb.ReadHeadAcquire();
        return head < ring.SlotCount ? ring.Ring.Distance(ring.HwCur, head) : 0;
    }

    internal override bool AsksToBeWoken(Kring ring)
    {
        var side = new SignallingSide(csb);
        return NotificationGate.MustSignal(ref side);
    }

    /// <summary>Writes both halves of the CSB as the kring has them, before the guest is told that the port runs. Of a
    /// guest that goes on, the half that is its own is taken over instead: it may wait for what it handed over while it
    /// was away.</summary>
    internal override void Start()
    {
        _seenHead = csb.ReadHeadAcquire();
        _seenCur = csb.ReadCurAcquire();
        if (!resumes || !ring.TryAdvance(_seenHead, _seenCur))
        {
            _seenHead = ring.Head;
            _seenCur = ring.Cur;
            csb.InitialiseApplication(ring.Head, ring.Cur);
        }

        csb.WriteKernNeedKick(false);
        Publish(ring);
    }

    /// <summary>Receive rings that senders fill: asks to be kicked when the guest gives slots back.</summary>
    internal override bool TryAskForSpace(Kring ring)
    {
        bool isAsked = TryArmKick();
        ring.Counters.Sleeps += isAsked ? 1 : 0;
        return isAsked;
    }

    /// <summary>Rings that one loop alone arms: does so, and counts it, unless the kick is armed.</summary>
    /// <returns>False when the guest's head has moved meanwhile: the kick is not armed.</returns>
    internal bool TryKeepArmed(ref long count)
    {
        if (!_isArmed && TryArmKick())
        {
            _isArmed = true;
            count++;
        }

        return _isArmed;
    }

    /// <summary>Such rings: the guest need not kick while they are busy.</summary>
    internal void KeepDisarmed()
    {
        if (_isArmed)
        {
            _isArmed = false;
            DisarmKick();
        }
    }

    /// <summary>The guest need not kick.</summary>
    internal void DisarmKick() => csb.WriteKernNeedKick(false);

    // Fences, and looks at the guest's head again. False when it has moved meanwhile: the kick is disarmed again.
    private bool TryArmKick()
    {
        var side = new ArmingSide(csb, _seenHead);
        return NotificationGate.TryArm(ref side);
    }

    private readonly struct SignallingSide(CsbHostView csb) : IPublishingSide
    {
        public void Fence() => Interlocked.MemoryBarrier();

        public bool ReadNeedKick() => csb.ReadApplNeedKick();
    }

    // The raw head is compared with the raw head of the last look, not with the kring's: a guest that leaves a bad
    // value there would otherwise be news for ever.
    private readonly struct ArmingSide(CsbHostView csb, uint seenHead) : ISleepingSide
    {
        public void WriteNeedKick(bool needed) => csb.WriteKernNeedKick(needed);

        public void Fence() => Interlocked.MemoryBarrier();

        public bool HasNews() => csb.ReadHeadAcquire() != seenHead;
    }
}
