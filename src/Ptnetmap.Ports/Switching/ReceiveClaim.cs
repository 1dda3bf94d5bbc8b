using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Ports.Switching;

/// <summary>Slots of a receive ring that one sender has claimed to fill, without holding the ring's lock meanwhile.</summary>
/// <param name="Start">First slot.</param>
/// <param name="Slots">Number of slots.</param>
/// <param name="Lease">What <see cref="Kring.Release"/> wants back.</param>
internal readonly record struct ReceiveClaim(uint Start, uint Slots, uint Lease)
{
    /// <summary>Shows the receiver what was filled, as far as no other sender's claim before it is still open.</summary>
    /// <param name="rx">The ring.</param>
    /// <param name="packets">Packets that arrived.</param>
    /// <param name="spoiled">Packets that did not, because the receiver had overwritten their slots.</param>
    /// <param name="bytes">Bytes that arrived.</param>
    /// <returns>True when the receiver has something new to be notified of.</returns>
    public bool HandOver(Kring rx, long packets, long spoiled, long bytes)
    {
        rx.Lock.Enter();
        try
        {
            rx.Counters.Packets += packets;
            rx.Counters.Bytes += bytes;
            rx.Counters.AddSpoiled(spoiled);
            rx.Counters.Batches += packets > 0 ? 1 : 0;
            bool moved = rx.Release(Lease, rx.Ring.Advance(Start, Slots));
            if (moved)
            {
                rx.Client?.Publish(rx);
            }

            return moved;
        }
        finally
        {
            rx.Lock.Exit();
        }
    }
}
