using Ptnetmap.Memory;

namespace Ptnetmap.Guest.Programs;

/// <summary>Sends each frame back to where it came from, in its own buffer: from receive ring i to transmit ring i of one
/// port, addresses exchanged.</summary>
public sealed class Echo : GuestProgram
{
    private readonly RxRing _rx;
    private readonly TxRing _tx;
    private GuestCounters _counters;

    /// <summary>Makes an echo on one pair of rings.</summary>
    /// <exception cref="ArgumentException">The port has not both rings.</exception>
    public Echo(NetmapPort port, int ring = 0)
    {
        if (ring >= port.RxRings.Count || ring >= port.TxRings.Count)
        {
            throw new ArgumentException($"port {port.Name} has no pair of rings number {ring}", nameof(ring));
        }

        _rx = port.RxRings[ring];
        _tx = port.TxRings[ring];
    }

    /// <inheritdoc/>
    public override GuestCounters Counters
    {
        get
        {
            GuestCounters counters = _counters;
            counters.Add(_rx);
            counters.Add(_tx);
            return counters;
        }
    }

    /// <inheritdoc/>
    public override bool Step()
    {
        bool stuck = (_rx.Available == 0 && _rx.Refresh() == 0) || (_tx.Space == 0 && _tx.Refresh() == 0);
        if (stuck)
        {
            return false;
        }

        uint count = Math.Min(_rx.Available, _tx.Space);
        for (uint i = 0; i < count; i++)
        {
            SlotWord word = _rx.Slot(i);
            if (_rx.Buffers.IsValid(word))
            {
                TestFrame.SwapAddresses(_rx.Buffers[word.BufferIndex], word.Length);
                _counters.Bytes += word.Length;
            }
        }

        _ = _rx.ForwardTo(_tx, count);
        _counters.Packets += count;
        _counters.Batches++;

        // An echo is about to wait for the next packet, more often than not: its answer goes out on this thread.
        _rx.Publish();
        _tx.PublishAndAssist();
        return true;
    }

    /// <inheritdoc/>
    public override void Wait(TimeSpan timeout)
    {
        _ = _rx.Available == 0 ? _rx.WaitForPackets(timeout) : _tx.WaitForSpace(timeout);
    }

    /// <inheritdoc/>
    public override void Wake()
    {
        _rx.Channel.Wake(_rx.CsbIndex);
        _tx.Channel.Wake(_tx.CsbIndex);
    }
}
