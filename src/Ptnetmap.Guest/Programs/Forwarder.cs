namespace Ptnetmap.Guest.Programs;

/// <summary>Passes everything from one receive ring on to one transmit ring, mostly of another port: by swapping buffers
/// when both are in one region, else by copying.</summary>
public sealed class Forwarder : GuestProgram
{
    private readonly RxRing _rx;
    private readonly TxRing _tx;
    private readonly uint _burst;
    private readonly bool _copies;
    private GuestCounters _counters;

    /// <summary>Makes a forwarder.</summary>
    /// <param name="rx">From.</param>
    /// <param name="tx">To.</param>
    /// <param name="burst">Slots between two publications, at most.</param>
    public Forwarder(RxRing rx, TxRing tx, int burst = 256)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(burst, 1);
        _rx = rx;
        _tx = tx;
        _burst = (uint)burst;
        _copies = rx.Region != tx.Region;
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

        uint count = _copies ? _rx.CopyTo(_tx, _burst) : _rx.ForwardTo(_tx, _burst);
        _tx.Publish();
        _rx.Publish();
        _counters.Packets += count;
        _counters.Batches++;
        return true;
    }

    /// <inheritdoc/>
    public override void Wait(TimeSpan timeout)
    {
        // Both ports have been given something; the one that is not waited for gets its turn here too.
        if (_rx.Available == 0)
        {
            _tx.PublishAndAssist();
            _ = _rx.WaitForPackets(timeout);
        }
        else
        {
            _rx.PublishAndAssist();
            _ = _tx.WaitForSpace(timeout);
        }
    }

    /// <inheritdoc/>
    public override void Wake()
    {
        _rx.Channel.Wake(_rx.CsbIndex);
        _tx.Channel.Wake(_tx.CsbIndex);
    }
}
