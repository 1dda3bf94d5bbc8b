using Ptnetmap.Client;

namespace Ptnetmap.Traffic.Programs;

/// <summary>Passes everything from one receive ring on to one transmit ring, mostly of another port: by swapping
/// buffers when both are in one region, else by copying.</summary>
public sealed class Forwarder : RingPairProgram
{
    private readonly uint _burst;
    private readonly bool _copies;

    /// <summary>Makes a forwarder.</summary>
    /// <param name="rx">From.</param>
    /// <param name="tx">To.</param>
    /// <param name="burst">Slots between two publications, at most.</param>
    public Forwarder(RxRing rx, TxRing tx, int burst = 256)
        : base(rx, tx)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(burst, 1);
        _burst = (uint)burst;
        _copies = rx.Region != tx.Region;
    }

    /// <inheritdoc/>
    public override bool Step()
    {
        if (IsStuck())
        {
            return false;
        }

        _ = _copies
            ? SlotForwarder.Copy(Rx, Tx, _burst, out uint packets)
            : SlotForwarder.Forward(Rx, Tx, _burst, out packets);
        Tx.Publish();
        Rx.Publish();
        Own.Packets += packets;
        Own.Batches++;
        return true;
    }

    /// <inheritdoc/>
    public override void Wait(TimeSpan timeout)
    {
        // Both ports have been given something; the one that is not waited for gets its turn here too.
        if (Rx.Available == 0)
        {
            Tx.PublishAndAssist();
            _ = Rx.WaitForPackets(timeout);
        }
        else
        {
            Rx.PublishAndAssist();
            _ = Tx.WaitForSpace(timeout);
        }
    }
}
