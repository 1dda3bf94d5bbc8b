using System.Diagnostics;
using Ptnetmap.Linux;

namespace Ptnetmap.Ports.Rings;

/// <summary>Slots of a receive ring that one of many senders has claimed to fill, without holding the ring's lock
/// meanwhile: it claims, lays packets into the slots (<see cref="SlotCopy"/>, <see cref="FrameWriter"/>), and hands
/// over.</summary>
/// <param name="Start">First slot.</param>
/// <param name="Slots">Number of slots; 0 when nothing was claimed.</param>
/// <param name="Lease">What <see cref="Kring.Release"/> wants back.</param>
/// <param name="Wait">Nanoseconds that what found no space may wait for it; 0 when it is not to, and is
/// counted.</param>
internal readonly record struct ReceiveClaim(uint Start, uint Slots, uint Lease, long Wait)
{
    /// <summary>Claims what <paramref name="demand"/> wants of a ring.</summary>
    /// <param name="rx">The ring.</param>
    /// <param name="demand">What is wanted.</param>
    /// <param name="patience">The most patience that senders have with a receiver, nanoseconds.</param>
    /// <param name="claim">What was claimed.</param>
    /// <returns>False when nobody receives there.</returns>
    public static bool TryTake<TDemand>(Kring rx, ref TDemand demand, long patience, out ReceiveClaim claim)
        where TDemand : struct, IReceiveDemand, allows ref struct
    {
        claim = default;
        rx.Lock.Enter();
        try
        {
            RingClient? client = rx.Client;
            if (client is null)
            {
                return false;
            }

            client.Fetch(rx);
            uint slots = demand.SlotsOf(rx.Free);
            long wait = demand.Missed != 0 || rx.Patience.IsUsed ? PatienceLeft(rx, demand.Missed, patience) : 0;
            uint start = rx.Claimed;
            claim = new ReceiveClaim(start, slots, slots != 0 ? rx.Lease(slots) : 0, wait);
            return true;
        }
        finally
        {
            rx.Lock.Exit();
        }
    }

    private static long PatienceLeft(Kring rx, long missed, long patience)
    {
        long now = LinuxThread.MonotonicNanoseconds;
        if (missed == 0)
        {
            rx.Patience.Met(rx.Consumed, now);
            return 0;
        }

        long wait = patience == 0 ? 0 : rx.Patience.Ask(patience, rx.Consumed, now);
        rx.Counters.Missed += wait == 0 ? missed : 0;
        return wait;
    }

    /// <summary>Shows the receiver what was filled, as far as no other sender's claim before it is still
    /// open.</summary>
    /// <param name="rx">The ring.</param>
    /// <param name="packets">Packets that arrived.</param>
    /// <param name="spoiled">Packets that did not, because the receiver had overwritten their slots.</param>
    /// <param name="bytes">Bytes that arrived.</param>
    /// <returns>True when the receiver has something new to be notified of.</returns>
    public bool HandOver(Kring rx, long packets, long spoiled, long bytes)
    {
        Debug.Assert(Slots != 0 && packets + spoiled <= Slots, "every packet has a slot that was claimed");
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

    /// <summary>Gives up what the calling thread has claimed of a ring and will not fill, and shows the receiver what
    /// that held up.</summary>
    public static void GiveUpAll(Kring rx)
    {
        rx.Lock.Enter();
        try
        {
            if (rx.GiveUpLeases())
            {
                rx.Client?.Publish(rx);
            }
        }
        finally
        {
            rx.Lock.Exit();
        }
    }
}
