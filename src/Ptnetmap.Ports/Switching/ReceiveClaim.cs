using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Ports.Switching;

/// <summary>Slots of a receive ring that one sender has claimed to fill, without holding the ring's lock meanwhile.</summary>
/// <param name="Start">First slot.</param>
/// <param name="Slots">Number of slots.</param>
/// <param name="Lease">What <see cref="Kring.Release"/> wants back.</param>
internal readonly record struct ReceiveClaim(uint Start, uint Slots, uint Lease)
{
    /// <summary>Shows the receiver what was filled, as far as no other sender's claim before it is still open.</summary>
    /// <returns>True when the receiver has something new to be notified of.</returns>
    public bool HandOver(Kring rx, long packets, long bytes)
    {
        rx.Lock.Enter();
        try
        {
            rx.Counters.Packets += packets;
            rx.Counters.Bytes += bytes;
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
