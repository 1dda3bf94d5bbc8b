using System.Runtime.CompilerServices;
using Ptnetmap.Linux.Xdp;
using Ptnetmap.Memory;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.HostPorts.Nic;

/// <summary>Sending on one queue of a NIC, from where the frames lie. A slot stays the port's until the kernel says
/// that its frame has left (completion ring).
/// <code>
///      hwtail + 1        hwcur             head             hwtail
///  ----|  on their way    |  to be sent     |  user's slots   |----
/// </code>
/// What is on its way under a slot stands in <c>_sent</c>, out of the guest's reach.</summary>
public sealed class NicTxQueue
{
    /// <summary>Frames shorter than an Ethernet header are no frames.</summary>

    private const ulong Gone = ulong.MaxValue;
    private const SlotFlags Refused = SlotFlags.MoreFragments | SlotFlags.Indirect;

    private readonly XdpUmem _umem;
    private readonly ulong[] _sent;
    private IXdpQueue? _queue;
    private volatile bool _isLost;
    private bool _isDown;
    private long _wakeUps;

    /// <summary>Makes the queue of a ring with <paramref name="slots"/> slots, connected to nothing.</summary>
    public NicTxQueue(XdpUmem umem, uint slots)
    {
        _umem = umem;
        _sent = new ulong[slots];
    }

    /// <summary>Longest frame that is sent, in bytes: the interface's MTU and its header, with a VLAN tag.</summary>
    public uint LongestFrame { get; set; }

    /// <summary>System calls to have the kernel send.</summary>
    public long WakeUps => Volatile.Read(ref _wakeUps);

    /// <summary>Connects it. No pass is under way, and it is connected to nothing.</summary>
    public void Connect(IXdpQueue queue)
    {
        _isDown = false;
        Volatile.Write(ref _queue, queue);
    }

    /// <summary>Makes the queue unreachable for passes that begin from now on.</summary>
    public void Disconnect() => Volatile.Write(ref _queue, null);

    /// <summary>After <see cref="Disconnect"/>, when no pass uses the queue any more: nobody will say of the frames on
    /// their way that they have left. The next pass returns their slots.</summary>
    public void Forget() => _isLost = true;

    /// <summary>Sends what the user handed over, at most <paramref name="budget"/> slots.</summary>
    public SyncStatus TxSync(Kring tx, uint budget)
    {
        ReturnLost(tx);
        uint wanted = Math.Min(tx.Pending, budget);
        if (Volatile.Read(ref _queue) is not { } queue || (_isDown && !TryRise(queue)))
        {
            DropAll(tx, wanted);
            return SyncStatus.Dry;
        }

        Return(queue, tx);
        uint count = Math.Min(wanted, queue.Transmit.Free(wanted));
        uint first = Math.Min(count, tx.SlotCount - tx.HwCur);
        uint frames = Send(queue.Transmit, tx, 0, tx.Ring.Run(tx.HwCur, count), _sent.AsSpan((int)tx.HwCur));
        frames += Send(queue.Transmit, tx, frames, tx.Ring.Run(0, count - first), _sent);
        tx.Submit(count);
        queue.Transmit.SubmitRelease(frames);
        Wake(queue);
        Return(queue, tx);
        return count < wanted ? SyncStatus.Blocked : Status(tx);
    }

    /// <summary>Gives back what has left, though there is nothing to send.</summary>
    public SyncStatus Reclaim(Kring tx)
    {
        ReturnLost(tx);
        if (Volatile.Read(ref _queue) is not { } queue || tx.InFlight == 0)
        {
            return SyncStatus.Dry;
        }

        // What was on its way when the link went down leaves, and is waited for, when it is up again, though there is
        // nothing to wake the kernel for.
        if (_isDown)
        {
            _ = TryRise(queue);
        }
        else if (queue.Transmit.Pending != 0)
        {
            Wake(queue);
        }

        Return(queue, tx);
        return Status(tx);
    }

    private void ReturnLost(Kring tx)
    {
        if (_isLost)
        {
            _isLost = false;
            tx.Return(tx.InFlight);
        }
    }

    // With half of the ring on its way, the user may soon wait for it, and the kernel tells nobody when it has left.
    private SyncStatus Status(Kring tx) => tx.Pending != 0 ? SyncStatus.More
        : !_isDown && tx.InFlight >= tx.SlotCount / 2 ? SyncStatus.Blocked
        : SyncStatus.Dry;

    private uint Send(
        XdpProducerRing<XdpDescriptor> transmit, Kring tx, uint start, ReadOnlySpan<NetmapSlot> slots, Span<ulong> sent)
    {
        uint place = start;
        long bytes = 0;
        BufferPoolView buffers = tx.Buffers;
        for (int i = 0; i < slots.Length && i < sent.Length; i++)
        {
            SlotWord word = slots[i].Word;
            uint length = word.Length;
            if (!buffers.IsValid(word) || length - Ethernet.HeaderLength > LongestFrame - Ethernet.HeaderLength
                || word.Has(Refused))
            {
                Drop(tx, word);
                sent[i] = Gone;
                continue;
            }

            ulong address = _umem.BufferAddress(word.BufferIndex);
            sent[i] = address;
            transmit.Write(place++, new XdpDescriptor(address, length));
            bytes += length;
        }

        tx.Counters.Packets += place - start;
        tx.Counters.Bytes += bytes;
        return place - start;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Drop(Kring tx, SlotWord word) => tx.Counters.Drops.Add(
        !tx.Buffers.IsValid(word.BufferIndex) ? DropReason.BadBufferIndex
        : word.Length > tx.Buffers.BufferSize ? DropReason.BadLength
        : word.Has(Refused) ? DropReason.UnsupportedFlag
        : word.Length < Ethernet.HeaderLength ? DropReason.Runt
        : DropReason.Oversize);

    private void DropAll(Kring tx, uint count)
    {
        for (uint i = 0, slot = tx.HwCur; i < count; i++, slot = tx.Ring.Next(slot))
        {
            _sent[slot] = Gone;
        }

        tx.Submit(count);
        tx.Counters.Drops.Add(DropReason.LinkDown, count);
        tx.Return(Left(tx, tx.Ring.Next(tx.HwTail)));
    }

    private bool TryRise(IXdpQueue queue)
    {
        _isDown = false;
        Wake(queue);
        return !_isDown;
    }

    // Where the kernel copies, one call sends a part only: it is called as long as it gets on.
    private void Wake(IXdpQueue queue)
    {
        if (!queue.Transmit.NeedsWakeUpFenced())
        {
            return;
        }

        uint before;
        XdpWakeResult result;
        do
        {
            before = queue.Transmit.Pending;
            result = queue.WakeTransmit();
            _wakeUps++;
        }
        while (result == XdpWakeResult.Again && queue.Transmit.Pending < before);
        _isDown = result is XdpWakeResult.Down or XdpWakeResult.Gone;
    }

    private void Return(IXdpQueue queue, Kring tx)
    {
        uint oldest = tx.Ring.Next(tx.HwTail);
        uint back = Left(tx, oldest);
        uint done = Math.Min(queue.Completion.AvailableAcquire(tx.InFlight), tx.InFlight);
        for (uint i = 0; i < done; i++)
        {
            uint slot = tx.Ring.Advance(oldest, back);
            ulong address = queue.Completion.Read(i);
            if (_sent[slot] == address)
            {
                back++;
                back += Left(tx, tx.Ring.Next(slot));
            }
            else
            {
                MarkGone(tx, slot, address);
            }
        }

        queue.Completion.ReleaseConsumed(done);
        tx.Return(back);
    }

    // How many slots from this one on are back already: frames that overtook others, and slots that were dropped.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Left(Kring tx, uint slot)
    {
        uint count = 0;
        while (slot != tx.HwCur && _sent[slot] == Gone)
        {
            slot = tx.Ring.Next(slot);
            count++;
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void MarkGone(Kring tx, uint slot, ulong address)
    {
        for (uint other = slot; other != tx.HwCur; other = tx.Ring.Next(other))
        {
            if (_sent[other] == address)
            {
                _sent[other] = Gone;
                return;
            }
        }
    }
}
