using Ptnetmap.Guest;
using Ptnetmap.Guest.Programs;
using Ptnetmap.Linux;
using Ptnetmap.Linux.Net;
using Ptnetmap.Memory;

namespace Ptnetmap.LinuxGuest.Programs;

/// <summary>Sends every frame that the kernel sends on a TAP interface on a transmit ring. A full ring leaves frames in the
/// interface's queue, where the kernel drops what is too much. An interface with a virtio-net header sends up to 64 KB at
/// once, in as many slots as that takes; the port has the header too.</summary>
public sealed class TapReader : GuestProgram, IDisposable
{
    private readonly TapDevice _tap;
    private readonly TxRing _tx;
    private readonly EventFd _wake = new();
    private readonly byte[] _rest;
    private readonly uint _mostSlots;
    private readonly uint _burst;
    private GuestCounters _counters;
    private long _tooLong;

    /// <summary>Makes one.</summary>
    /// <param name="tap">From.</param>
    /// <param name="tx">To.</param>
    /// <param name="burst">Frames between two publications, at most.</param>
    /// <exception cref="LinuxException">The interface has a header, and 64 KB do not fit into the slots of a packet.</exception>
    public TapReader(TapDevice tap, TxRing tx, int burst = 64)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(burst, 1);
        _tap = tap;
        _tx = tx;
        _burst = (uint)burst;
        uint size = tx.Buffers.BufferSize;
        _rest = new byte[tap.VnetHeaderLength == 0 ? 0 : Math.Max(0, MostBytes - size)];
        _mostSlots = _rest.Length == 0 ? 1 : (MostBytes + size - 1) / size;
        if (_mostSlots > Math.Min(tx.SlotCount - 1, NetmapAbi.MaxFragments))
        {
            throw new LinuxException(
                $"a packet of 64 KB takes {_mostSlots} slots of {size} bytes: more than a ring of {tx.SlotCount} or a packet " +
                $"({NetmapAbi.MaxFragments}) has. Go without (--no-offloads), or give the region larger buffers (buffer_size)");
        }
    }

    /// <summary>The most bytes that the kernel hands over at once: an IP packet of 64 KB, an Ethernet header with a tag, and
    /// the virtio-net header; and one, to see that there was more.</summary>
    public const uint MostBytes = 65_535 + 18 + TapOptions.HeaderLength + 1;

    /// <summary>Frames that did not fit in a buffer and were dropped: the interface's MTU is too large for the region.</summary>
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
            // Read into the slot's own buffer. A slot that a partner spoiled has none, and goes empty for the port to count.
            Span<byte> buffer = _tx.Frame(0);
            int length = buffer.IsEmpty ? 0 : Read(buffer);
            if (length == 0 && !buffer.IsEmpty)
            {
                break;
            }

            any = true;
            if (length == buffer.Length + _rest.Length && length != 0)
            {
                _tooLong++;
                continue;
            }

            _tx.Advance(Place(buffer, length));
            _counters.Packets += length == 0 ? 0 : 1;
            _counters.BadSlots += length == 0 ? 1 : 0;
            _counters.Bytes += length == 0 ? 0 : length - _tap.VnetHeaderLength;
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

    private int Read(Span<byte> buffer) => _rest.Length == 0 ? _tap.TryRead(buffer) : _tap.TryRead(buffer, _rest);

    // The first slot's buffer is filled; what did not fit goes into the next slots. Returns their number.
    private uint Place(Span<byte> first, int length)
    {
        int inFirst = Math.Min(length, first.Length);
        ReadOnlySpan<byte> rest = _rest.AsSpan(0, length - inFirst);
        _tx.SetLength(0, inFirst, More(rest));
        uint slots = 1;
        while (!rest.IsEmpty)
        {
            Span<byte> buffer = _tx.Frame(slots);
            ReadOnlySpan<byte> piece = rest[..Math.Min(rest.Length, (int)_tx.Buffers.BufferSize)];
            rest = rest[piece.Length..];
            bool fits = piece.TryCopyTo(buffer);
            _counters.BadSlots += fits ? 0 : 1;
            _tx.SetLength(slots, fits ? piece.Length : 0, More(rest));
            slots++;
        }

        return slots;
    }

    private static SlotFlags More(ReadOnlySpan<byte> rest) => rest.IsEmpty ? SlotFlags.None : SlotFlags.MoreFragments;
}
