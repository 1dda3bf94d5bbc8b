using Ptnetmap.Client;
using Ptnetmap.Linux;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.Traffic.Programs;

/// <summary>Sends every frame that the kernel sends on a TAP interface on a transmit ring. A full ring leaves frames in
/// the interface's queue, where the kernel drops what is too much. An interface with a virtio-net header sends up to 64
/// KB at once, in as many slots as that takes; the port has the header too.</summary>
public sealed class TapReader : GuestProgram, IDisposable
{
    private readonly TapDevice _tap;
    private readonly TxRing _tx;
    private readonly EventFd _wake = new();
    private readonly ScatterList _buffers;
    private readonly uint _mostSlots;
    private readonly uint _burst;
    private GuestCounters _counters;
    private bool _gathered;
    private long _tooLong;

    /// <summary>Makes one.</summary>
    /// <param name="tap">From.</param>
    /// <param name="tx">To.</param>
    /// <param name="burst">Frames between two publications, at most.</param>
    /// <exception cref="LinuxException">The interface has a header, and 64 KB do not fit into the slots of a
    /// packet.</exception>
    public TapReader(TapDevice tap, TxRing tx, int burst = 64)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(burst, 1);
        _tap = tap;
        _tx = tx;
        _burst = (uint)burst;
        uint size = tx.Buffers.BufferSize;
        _mostSlots = tap.VnetHeaderLength == 0 ? 1 : (MostBytes + size - 1) / size;
        if (_mostSlots > Math.Min(tx.SlotCount - 1, NetmapAbi.MaxFragments))
        {
            throw new LinuxException(
                "a packet of 64 KB takes " +
                $"{_mostSlots} slots of {size} bytes: more than a ring of {tx.SlotCount} or a packet " +
                $"({NetmapAbi.MaxFragments}) has. Go without (--no-offloads), or give the region larger buffers " +
                "(buffer_size)");
        }

        _buffers = new ScatterList((int)_mostSlots);
    }

    /// <summary>The most bytes that the kernel hands over at once: an IP packet of 64 KB, an Ethernet header with a
    /// tag, and the virtio-net header; and one, to see that there was more.</summary>
    public const uint MostBytes = 65_535 + Ethernet.HeaderLength + Ethernet.TagLength + VnetHeader.Length + 1;

    /// <summary>Frames that did not fit in a buffer and were dropped: the interface's MTU is too large for the
    /// region.</summary>
    public long TooLong => Volatile.Read(ref _tooLong);

    /// <inheritdoc/>
    public override GuestCounters Counters
    {
        get
        {
            GuestCounters counters = _counters;
            counters.Add(_tx);
            return counters;
        }
    }

    /// <inheritdoc/>
    public override bool Step()
    {
        _ = _tx.Space < _mostSlots ? _tx.Refresh() : 0;
        bool any = false;
        for (uint taken = 0; taken < _burst && _tx.Space >= _mostSlots; taken++)
        {
            if (!_gathered && !TryGather(out uint spoiled))
            {
                any = true;
                GiveUp(spoiled + 1);
                continue;
            }

            // Until a frame is in them the slots stay the same.
            _gathered = true;

            int length = _tap.TryRead(_buffers);
            if (length == 0)
            {
                break;
            }

            any = true;
            if (length == _buffers.Bytes)
            {
                _tooLong++;
                continue;
            }

            _gathered = false;
            Place(length);
            _counters.Packets++;
            _counters.Bytes += length - _tap.VnetHeaderLength;
        }

        _counters.Batches += any ? 1 : 0;
        _tx.PublishAndAssist();
        return any;
    }

    /// <inheritdoc/>
    public override void Wait(TimeSpan timeout)
    {
        if (_tx.Space < _mostSlots)
        {
            _ = _tx.WaitForSpace(_mostSlots, timeout);
            return;
        }

        if (Poll.WaitAny([_wake.Descriptor.Number, _tap.Descriptor.Number], timeout) == 0)
        {
            _ = _wake.TryConsume();
        }
    }

    /// <inheritdoc/>
    public override void Wake()
    {
        _wake.Signal();
        _tx.Channel.Wake(_tx.CsbIndex);
    }

    /// <inheritdoc/>
    public void Dispose() => _wake.Dispose();

    // The kernel writes the frame where the port takes it from.
    private bool TryGather(out uint spoiled)
    {
        _buffers.Clear();
        for (spoiled = 0; spoiled < _mostSlots; spoiled++)
        {
            Span<byte> buffer = _tx.Frame(spoiled);
            if (buffer.IsEmpty)
            {
                return false;
            }

            _buffers.Add(buffer);
        }

        return true;
    }

    // Slots up to one that a partner spoiled, which has no buffer: they go empty, for the port to count.
    private void GiveUp(uint slots)
    {
        for (uint i = 0; i < slots; i++)
        {
            _tx.SetLength(i, 0);
        }

        _tx.Advance(slots);
        _counters.BadSlots++;
    }

    private void Place(int length)
    {
        int size = (int)_tx.Buffers.BufferSize;
        uint slots = 0;
        for (; length > 0; length -= size)
        {
            _tx.SetLength(slots++, Math.Min(length, size), length > size ? SlotFlags.MoreFragments : SlotFlags.None);
        }

        _tx.Advance(slots);
    }
}
