using Ptnetmap.Client;

namespace Ptnetmap.Traffic.Programs;

/// <summary>A program that takes from one receive ring and sends on one transmit ring.</summary>
public abstract class RingPairProgram : GuestProgram
{
    private GuestCounters _counters;

    private protected RingPairProgram(RxRing rx, TxRing tx)
    {
        Rx = rx;
        Tx = tx;
    }

    /// <inheritdoc/>
    public override GuestCounters Counters
    {
        get
        {
            GuestCounters counters = _counters;
            counters.Add(Rx);
            counters.Add(Tx);
            return counters;
        }
    }

    /// <summary>From.</summary>
    private protected RxRing Rx { get; }

    /// <summary>To.</summary>
    private protected TxRing Tx { get; }

    /// <summary>What the program itself counts.</summary>
    private protected ref GuestCounters Own => ref _counters;

    /// <inheritdoc/>
    public override void Wake()
    {
        Rx.Channel.Wake(Rx.CsbIndex);
        Tx.Channel.Wake(Tx.CsbIndex);
    }

    /// <summary>True when there is nothing to take, or no room to send, also after a look.</summary>
    private protected bool IsStuck() =>
        (Rx.Available == 0 && Rx.Refresh() == 0) || (Tx.Space == 0 && Tx.Refresh() == 0);
}
