using Ptnetmap.Guest;
using Ptnetmap.Guest.Programs;
using Ptnetmap.Linux;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.LinuxGuest.Programs;

/// <summary>Sends every frame that the kernel sends on a TAP interface on a transmit ring. A full ring leaves frames in the
/// interface's queue, where the kernel drops what is too much.</summary>
public sealed class TapReader : GuestProgram, IDisposable
{
    private readonly TapDevice _tap;
    private readonly TxRing _tx;
    private readonly EventFd _wake = new();
    private readonly uint _burst;
    private GuestCounters _counters;
    private long _tooLong;

    /// <summary>Makes one.</summary>
    /// <param name="tap">From.</param>
    /// <param name="tx">To.</param>
    /// <param name="burst">Frames between two publications, at most.</param>
    public TapReader(TapDevice tap, TxRing tx, int burst = 64)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(burst, 1);
        _tap = tap;
        _tx = tx;
        _burst = (uint)burst;
    }

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
        uint space = Math.Min(_burst, _tx.Space == 0 ? _tx.Refresh() : _tx.Space);
        uint sent = 0;
        bool any = false;
        while (sent < space)
        {
            // Read into the slot's own buffer. A slot that a partner spoiled has none, and goes empty for the port to count.
            Span<byte> buffer = _tx.Frame(0);
            int length = buffer.IsEmpty ? 0 : _tap.TryRead(buffer);
            if (length == 0 && !buffer.IsEmpty)
            {
                break;
            }

            any = true;
            if (length == buffer.Length && length != 0)
            {
                _tooLong++;
                continue;
            }

            _tx.SetLength(0, length);
            _tx.Advance(1);
            sent++;
            _counters.Packets += length == 0 ? 0 : 1;
            _counters.BadSlots += length == 0 ? 1 : 0;
            _counters.Bytes += length;
        }

        _counters.Batches += any ? 1 : 0;
        _tx.PublishAndAssist();
        return any;
    }

    /// <inheritdoc/>
    public override void Wait(TimeSpan timeout)
    {
        if (_tx.Space == 0)
        {
            _ = _tx.WaitForSpace(timeout);
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
}
