using Ptnetmap.Client;

namespace Ptnetmap.Traffic.Programs;

/// <summary>Sends each frame back to where it came from, in its own buffer: from receive ring i to transmit ring i of
/// one port, addresses exchanged. A test frame of several slots does not stay one: its checksum is left as it
/// was.</summary>
public sealed class Echo : RingPairProgram
{
    // The next slot is not the first one of its packet, and has no addresses.
    private bool _isInside;

    /// <summary>Makes an echo on one pair of rings.</summary>
    /// <exception cref="ArgumentException">The port has not both rings.</exception>
    public Echo(NetmapPort port, int ring = 0)
        : base(Pick(port, port.RxRings, ring), Pick(port, port.TxRings, ring))
    {
    }

    /// <inheritdoc/>
    public override bool Step()
    {
        if (IsStuck())
        {
            return false;
        }

        uint count = Math.Min(Rx.Available, Tx.Space);
        for (uint i = 0; i < count; i++)
        {
            SlotWord word = Rx.Slot(i);
            if (Rx.Buffers.IsValid(word))
            {
                if (!_isInside)
                {
                    TestFrame.SwapAddresses(Rx.Buffers[word.BufferIndex], word.Length);
                }

                Own.Bytes += word.Length;
            }

            _isInside = word.Has(SlotFlags.MoreFragments);
        }

        _ = SlotForwarder.Forward(Rx, Tx, count, out uint packets);
        Own.Packets += packets;
        Own.Batches++;

        // An echo is about to wait for the next packet, more often than not: its answer goes out on this thread.
        Rx.Publish();
        Tx.PublishAndAssist();
        return true;
    }

    /// <inheritdoc/>
    public override void Wait(TimeSpan timeout)
    {
        _ = Rx.Available == 0 ? Rx.WaitForPackets(timeout) : Tx.WaitForSpace(timeout);
    }

    private static TRing Pick<TRing>(NetmapPort port, IReadOnlyList<TRing> rings, int ring) => ring < rings.Count
        ? rings[ring]
        : throw new ArgumentException($"port {port.Name} has no pair of rings number {ring}", nameof(ring));
}
