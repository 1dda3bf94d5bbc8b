using System.Runtime.CompilerServices;
using Ptnetmap.Linux;
using Ptnetmap.Linux.Xdp;
using Ptnetmap.Memory;
using Ptnetmap.Ports.Offloads;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.HostPorts.Nic;

/// <summary>Receiving from one queue of a NIC. Buffers of slots that the user gave back are lent to the kernel (fill
/// ring); what the kernel received into them comes back as slots. No byte of a frame is touched.
/// <code>
///      head            hwtail              lentEnd          head - 1
///  ----|  user's slots  |  lent to kernel   |  to be lent    |----
/// </code>
/// A slot of the lent part names no buffer of its own any more: what the kernel has for it stands in <c>_lent</c>, out
/// of the guest's reach. Frames may come back in another order than they were lent; the entries change places then, so
/// that no buffer is ever in two slots.</summary>
public sealed class NicRxQueue : RxSource, IDisposable
{
    // Nothing has this index: 0 and 1 are never given out.
    private const uint None = 0;

    private readonly XdpUmem _umem;
    private readonly uint[] _lent;
    private readonly Epoll _watch = new();
    private readonly Lock _watching = new();
    private IXdpQueue? _queue;
    private bool _isExpected;
    private bool _completesChecksums;
    private uint _lentEnd;
    private uint _held;
    private long _copiedBytes;

    /// <summary>Makes the queue of a ring with <paramref name="slots"/> slots, connected to nothing.</summary>
    public NicRxQueue(XdpUmem umem, uint slots)
    {
        _umem = umem;
        _lent = new uint[slots];
    }

    /// <summary>Readable while frames wait that are expected, whatever it is connected to.</summary>
    public override FileDescriptor Descriptor => _watch.Descriptor;

    /// <inheritdoc/>
    public override bool IsStarved => _held == 0 && Volatile.Read(ref _queue) is not null;

    /// <summary>Bytes that had to be moved to the start of their buffer, because the driver had put the frame
    /// elsewhere. 0 with every driver that leaves frames where AF_XDP says.</summary>
    public long CopiedBytes => Volatile.Read(ref _copiedBytes);

    /// <summary>What became of the checksums of received frames, while it was connected to complete them.</summary>
    public ReceivedChecksums Checksums { get; } = new();

    /// <summary>Buffers that the kernel has.</summary>
    public uint Held => Volatile.Read(ref _held);

    /// <summary>Connects it. No pass is under way, and it is connected to nothing.</summary>
    /// <param name="queue">The device's queue.</param>
    /// <param name="rx">The ring.</param>
    /// <param name="completesChecksums">Frames may come with checksums that nobody has computed.</param>
    public void Connect(IXdpQueue queue, Kring rx, bool completesChecksums = false)
    {
        _completesChecksums = completesChecksums;
        _lentEnd = rx.HwTail;
        _held = 0;
        lock (_watching)
        {
            if (_isExpected && queue.Descriptor is { } descriptor)
            {
                _watch.Watch(descriptor, 0);
            }

            Volatile.Write(ref _queue, queue);
        }
    }

    /// <summary>Makes the queue unreachable for passes that begin from now on.</summary>
    public void Disconnect()
    {
        lock (_watching)
        {
            IXdpQueue? queue = Interlocked.Exchange(ref _queue, null);
            if (_isExpected && queue?.Descriptor is { } descriptor)
            {
                _watch.Unwatch(descriptor);
            }
        }
    }

    /// <summary>Waits at the socket. Who waits there costs the kernel a call for each frame that it brings, on the core
    /// that brings it.</summary>
    public override void Expect()
    {
        lock (_watching)
        {
            if (!_isExpected && _queue?.Descriptor is { } descriptor)
            {
                _watch.Watch(descriptor, 0);
            }

            _isExpected = true;
        }
    }

    /// <inheritdoc/>
    public override void Ignore()
    {
        lock (_watching)
        {
            if (_isExpected && _queue?.Descriptor is { } descriptor)
            {
                _watch.Unwatch(descriptor);
            }

            _isExpected = false;
        }
    }

    /// <summary>After <see cref="Disconnect"/>, when no pass uses the queue any more: all buffers are in their slots
    /// again.</summary>
    public void TakeBack(Kring rx)
    {
        ShowLent(rx);
        _lentEnd = rx.HwTail;
        _held = 0;
    }

    /// <summary>Writes the buffers of the lent slots back into them, before somebody looks through the ring's slots for
    /// buffers that are missing: the last guest may have overwritten them. No pass is under way.</summary>
    public void ShowLent(Kring rx)
    {
        for (uint slot = rx.HwTail; slot != _lentEnd; slot = rx.Ring.Next(slot))
        {
            rx.Ring.Slots[(int)slot].Word = new SlotWord(_lent[slot], 0, SlotFlags.None);
        }
    }

    /// <summary>After <see cref="ShowLent"/>, and when lost buffers have been replaced: lends the new ones. No pass is
    /// under way.</summary>
    public void LendMended(Kring rx)
    {
        for (uint slot = rx.HwTail; _queue is { } queue && slot != _lentEnd; slot = rx.Ring.Next(slot))
        {
            uint buffer = rx.Ring.Slots[(int)slot].BufferIndex;
            if (_lent[slot] == None && rx.Buffers.IsValid(buffer) && queue.Fill.Free(1) != 0)
            {
                _lent[slot] = buffer;
                queue.Fill.Write(0, _umem.FillAddress(buffer));
                queue.Fill.SubmitRelease(1);
                _held++;
            }
        }
    }

    /// <inheritdoc/>
    public override SyncStatus RxSync(Kring rx, uint budget)
    {
        if (Volatile.Read(ref _queue) is not { } queue)
        {
            return SyncStatus.Dry;
        }

        Lend(queue, rx);
        uint most = Math.Min(budget, _held);
        uint count = Math.Min(queue.Receive.AvailableAcquire(budget), most);
        if (count == 0 && most != 0 && AskKernel(queue))
        {
            count = Math.Min(queue.Receive.AvailableAcquire(budget), most);
        }

        if (count == 0)
        {
            return _held == 0 ? SyncStatus.Blocked : SyncStatus.Dry;
        }

        long bytes = Take(queue.Receive, rx, 0, rx.Ring.Run(rx.HwTail, count));
        uint first = Math.Min(count, rx.SlotCount - rx.HwTail);
        bytes += Take(queue.Receive, rx, first, rx.Ring.Run(0, count - first));
        if (_completesChecksums)
        {
            LookAtChecksums(queue.Receive, rx, count);
        }

        queue.Receive.ReleaseConsumed(count);
        _held -= count;
        rx.Fill(count, count);
        rx.Counters.Packets += count;
        rx.Counters.Bytes += bytes;
        return count == budget ? SyncStatus.More : SyncStatus.Dry;
    }

    /// <inheritdoc/>
    public void Dispose() => _watch.Dispose();

    // A driver that found no buffer says so after it has looked, and one that was lent in between would be seen by
    // nobody.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool AskKernel(IXdpQueue queue)
    {
        bool asks = queue.IsPolled || (queue.IsZeroCopy && queue.Fill.Pending != 0 && queue.Fill.NeedsWakeUpFenced());
        return asks && queue.WakeReceive() == XdpWakeResult.Done;
    }

    // One slot stays between what is lent and the user's first, as between full and empty.
    private void Lend(IXdpQueue queue, Kring rx)
    {
        uint end = rx.Head == 0 ? rx.SlotCount - 1 : rx.Head - 1;
        uint wanted = rx.Ring.Distance(_lentEnd, end);
        if (wanted == 0)
        {
            return;
        }

        uint count = Math.Min(wanted, queue.Fill.Free(wanted));
        uint first = Math.Min(count, rx.SlotCount - _lentEnd);
        uint lent = Lend(queue.Fill, rx, 0, rx.Ring.Run(_lentEnd, count), _lent.AsSpan((int)_lentEnd));
        lent += Lend(queue.Fill, rx, lent, rx.Ring.Run(0, count - first), _lent);
        _lentEnd = rx.Ring.Advance(_lentEnd, count);
        _held += lent;
        queue.Fill.SubmitRelease(lent);
        if (queue.IsZeroCopy && queue.Fill.NeedsWakeUpFenced())
        {
            _ = queue.WakeReceive();
        }
    }

    // A slot without a sound buffer lends nothing: the ring is one buffer poorer until it is mended for the next guest.
    private uint Lend(
        XdpProducerRing<ulong> fill, Kring rx, uint start, ReadOnlySpan<NetmapSlot> slots, Span<uint> lent)
    {
        uint place = start;
        BufferPoolView buffers = rx.Buffers;
        for (int i = 0; i < slots.Length && i < lent.Length; i++)
        {
            uint buffer = slots[i].Word.BufferIndex;
            if (!buffers.IsValid(buffer))
            {
                lent[i] = None;
                rx.Counters.AddSpoiled(1);
                continue;
            }

            lent[i] = buffer;
            fill.Write(place++, _umem.FillAddress(buffer));
        }

        return place - start;
    }

    private long Take(XdpConsumerRing<XdpDescriptor> receive, Kring rx, uint from, Span<NetmapSlot> slots)
    {
        long bytes = 0;
        uint firstSlot = from == 0 ? rx.HwTail : 0;
        ReadOnlySpan<uint> lent = _lent.AsSpan((int)firstSlot);
        for (int i = 0; i < slots.Length && i < lent.Length; i++)
        {
            XdpDescriptor frame = receive.Read(from + (uint)i);
            uint buffer = lent[i];
            if (frame.Address != _umem.ReceiveAddress(buffer))
            {
                buffer = TakeOther(rx, firstSlot + (uint)i, frame);
            }

            slots[i].Word = new SlotWord(buffer, (ushort)frame.Length, SlotFlags.BufferChanged);
            bytes += frame.Length;
        }

        return bytes;
    }

    // Where the frames are and how long is read from the kernel's descriptors: the slots are where the guest can write.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void LookAtChecksums(XdpConsumerRing<XdpDescriptor> receive, Kring rx, uint count)
    {
        BufferPoolView buffers = rx.Buffers;
        for (uint i = 0; i < count; i++)
        {
            XdpDescriptor frame = receive.Read(i);
            uint buffer = _umem.BufferOf(frame.Address);
            if (buffers.IsValid(buffer))
            {
                Span<byte> whole = buffers[buffer];
                Checksums.Look(whole[..(int)Math.Min(frame.Length, (uint)whole.Length)]);
            }
        }
    }

    // Not the buffer that was lent with this slot, or not at its start.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private uint TakeOther(Kring rx, uint slot, XdpDescriptor frame)
    {
        uint buffer = _umem.BufferOf(frame.Address);
        for (uint other = slot; other != _lentEnd; other = rx.Ring.Next(other))
        {
            if (_lent[other] == buffer)
            {
                _lent[other] = _lent[slot];
                break;
            }
        }

        int offset = (int)(frame.FrameAddress - _umem.BufferAddress(buffer));
        if (offset != 0)
        {
            Span<byte> whole = rx.Buffers[buffer];
            whole.Slice(offset, (int)frame.Length).CopyTo(whole);
            Volatile.Write(ref _copiedBytes, _copiedBytes + frame.Length);
        }

        return buffer;
    }
}
