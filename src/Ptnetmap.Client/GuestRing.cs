using System.Runtime.CompilerServices;
using Ptnetmap.Memory;

namespace Ptnetmap.Client;

/// <summary>The guest's side of one ring: its slots <c>[head, tail)</c>, of which the head is the guest's and goes to
/// the host by the CSB, and the tail is the host's and comes from there. Both are kept privately; <c>cur</c> is always
/// the head. Used by one thread at a time; counters may be read by others.</summary>
public abstract class GuestRing
{
    /// <summary>Whether its waits look for long before they sleep.</summary>
    internal LongLook Looks;

    private readonly CsbGuestView _csb;
    private readonly RingView _view;
    private uint _head;
    private uint _tail;
    private uint _published;
    private long _kicks;
    private long _kicksSuppressed;
    private long _sleeps;

    private protected GuestRing(GuestChannel channel, int index, int csbIndex, RingView view, IdleStrategy idle)
    {
        Channel = channel;
        Index = index;
        CsbIndex = csbIndex;
        Idle = idle;
        Region = channel.Region;
        Buffers = channel.Region.Buffers;
        _view = view;
        _csb = channel.Csb(csbIndex);
        _tail = Within(_csb.ReadHwTailAcquire(), "ktoa.hwtail");
        _ = Within(_csb.ReadHwCurAcquire(), "ktoa.hwcur");
        _head = Within(_csb.ReadOwnHead(), "atok.head");
        _ = Within(_csb.ReadOwnCur(), "atok.cur");
        _published = _head;
        _csb.WriteApplNeedKick(false);
    }

    /// <summary>The channel that it is reached through.</summary>
    public GuestChannel Channel { get; }

    /// <summary>The region that its slots' buffers are in.</summary>
    public MemoryRegion Region { get; }

    /// <summary>The region's buffers.</summary>
    public BufferPoolView Buffers { get; }

    /// <summary>Its number among the port's rings of its direction.</summary>
    public int Index { get; }

    /// <summary>Its number in the CSB.</summary>
    public int CsbIndex { get; }

    /// <summary>Number of slots; at most one less of them are the guest's at a time.</summary>
    public uint SlotCount => _view.SlotCount;

    /// <summary>What a wait does before it sleeps.</summary>
    public IdleStrategy Idle { get; set; }

    /// <summary>Slots handed over to the host that it has not dealt with.</summary>
    public uint Pending => _view.Distance(_csb.ReadHwCurAcquire(), _published);

    /// <summary>Kicks sent.</summary>
    public long Kicks => Volatile.Read(ref _kicks);

    /// <summary>Publications for which the host did not want a kick.</summary>
    public long KicksSuppressed => Volatile.Read(ref _kicksSuppressed);

    /// <summary>Times that the guest asked for an interrupt and slept.</summary>
    public long Sleeps => Volatile.Read(ref _sleeps);

    /// <summary>Slots of the guest, as of the last look.</summary>
    private protected uint Ready
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _view.Distance(_head, _tail);
    }

    /// <summary>Looks how far the host got.</summary>
    /// <returns>Slots of the guest: free ones (tx) or full ones (rx).</returns>
    /// <exception cref="NetmapPortException">The host published a tail outside the ring.</exception>
    public uint Refresh()
    {
        uint tail = _csb.ReadHwTailAcquire();
        if (tail >= _view.SlotCount)
        {
            ThrowOutside(tail, "ktoa.hwtail");
        }

        _tail = tail;
        return Ready;
    }

    /// <summary>Hands the slots behind the head to the host, and kicks it if it asked for that.</summary>
    public void Publish()
    {
        if (TryStoreHead())
        {
            KickIfAsked();
        }
    }

    /// <summary>The same for a guest that is about to wait: the host's work is done on this thread if the channel can,
    /// and the kick is spared when nothing is left to do.</summary>
    public void PublishAndAssist()
    {
        bool due = TryStoreHead();
        bool assisted = Channel.Assist();
        if (due)
        {
            KickUnlessDone(assisted);
        }
    }

    /// <summary>Hands over, then looks: what netmap's sync calls do.</summary>
    /// <returns>Slots of the guest.</returns>
    public uint Sync()
    {
        Publish();
        return Refresh();
    }

    /// <summary>The guest's slots up to the ring's end; the rest, if any, follows after an advance.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private protected Span<NetmapSlot> Run() => _view.Run(_head, Ready);

    /// <summary>The slot <paramref name="index"/> places behind the head.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private protected ref NetmapSlot SlotAt(uint index)
    {
        if (index >= Ready)
        {
            ThrowTooFar(index);
        }

        return ref _view.Slots[(int)_view.Advance(_head, index)];
    }

    /// <summary>The guest is done with its first <paramref name="count"/> slots.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private protected void MoveHead(uint count)
    {
        if (count > Ready)
        {
            ThrowTooFar(count);
        }

        _head = _view.Advance(_head, count);
    }

    /// <summary>Asks for an interrupt. False when the tail has moved meanwhile: nothing is asked for then.</summary>
    internal bool TryArm()
    {
        var side = new ArmingSide(this);
        return NotificationGate.TryArm(ref side);
    }

    /// <summary>Takes the request for an interrupt back.</summary>
    internal void Disarm() => _csb.WriteApplNeedKick(false);

    internal void CountSleep() => _sleeps++;

    /// <summary>Stores the head. False when it has not moved since the last time.</summary>
    internal bool TryStoreHead()
    {
        if (_head == _published)
        {
            return false;
        }

        _published = _head;
        _csb.WriteCurHeadRelease(_head, _head);
        return true;
    }

    /// <summary>The kick for a head that was stored, unless an assist has left nothing to be done.</summary>
    internal void KickUnlessDone(bool assisted)
    {
        if (!assisted || Pending != 0)
        {
            KickIfAsked();
        }
    }

    private void KickIfAsked()
    {
        var side = new KickingSide(_csb);
        if (NotificationGate.MustSignal(ref side))
        {
            _kicks++;
            Channel.Kick(CsbIndex);
        }
        else
        {
            _kicksSuppressed++;
        }
    }

    private uint Within(uint value, string field)
    {
        if (value >= _view.SlotCount)
        {
            ThrowOutside(value, field);
        }

        return value;
    }

    private void ThrowOutside(uint value, string field) => throw new NetmapPortException(
        $"ring {CsbIndex} of {SlotCount} slots: {field} is {value}, outside the ring");

    private void ThrowTooFar(uint count) => throw new ArgumentOutOfRangeException(
        nameof(count), count, $"the guest has {Ready} slots of ring {CsbIndex} now");

    private readonly struct KickingSide(CsbGuestView csb) : IPublishingSide
    {
        public void Fence() => Interlocked.MemoryBarrier();

        public bool ReadNeedKick() => csb.ReadKernNeedKick();
    }

    private readonly struct ArmingSide(GuestRing ring) : ISleepingSide
    {
        public void WriteNeedKick(bool needed) => ring._csb.WriteApplNeedKick(needed);

        public void Fence() => Interlocked.MemoryBarrier();

        public bool HasNews() => ring.Refresh() != 0;
    }
}
