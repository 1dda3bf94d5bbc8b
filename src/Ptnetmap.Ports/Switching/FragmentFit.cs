using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Ports.Switching;

/// <summary>How many of a number of packets a receive ring takes.</summary>
/// <param name="Packets">Packets that are taken, in order; those that are oversize are left out.</param>
/// <param name="Slots">Receive slots for them.</param>
/// <param name="Oversize">Packets that would be more than 64 of the receiver's buffers.</param>
internal readonly record struct FragmentFit(int Packets, uint Slots, int Oversize)
{
    /// <summary>Claims slots of a ring for as many packets as it has space for.</summary>
    /// <param name="rx">The ring.</param>
    /// <param name="walk">Stands before the first packet.</param>
    /// <param name="packets">How many.</param>
    /// <param name="shape">How they are laid into slots.</param>
    /// <param name="fit">What is taken.</param>
    /// <param name="claim">The slots, where there are any.</param>
    /// <returns>False when nobody receives there.</returns>
    public static bool TryClaim<TShape>(
        Kring rx, PacketWalk walk, int packets, TShape shape, out FragmentFit fit, out ReceiveClaim claim)
        where TShape : struct, IPacketShape
    {
        claim = default;
        fit = Measure(walk, packets, shape, rx.Buffers.BufferSize, uint.MaxValue);
        rx.Lock.Enter();
        try
        {
            RingClient? client = rx.Client;
            if (client is null)
            {
                return false;
            }

            client.Fetch(rx);
            if (fit.Slots > rx.Free)
            {
                fit = Measure(walk, packets, shape, rx.Buffers.BufferSize, rx.Free);
                rx.Counters.Missed += packets - fit.Packets - fit.Oversize;
            }

            if (fit.Slots != 0)
            {
                uint start = rx.Claimed;
                claim = new ReceiveClaim(start, fit.Slots, rx.Lease(fit.Slots));
            }

            return true;
        }
        finally
        {
            rx.Lock.Exit();
        }
    }

    // After the first packet that has no space no other is taken, so that a sender's packets never overtake each other.
    private static FragmentFit Measure<TShape>(PacketWalk walk, int packets, TShape shape, uint bufferSize, uint free)
        where TShape : struct, IPacketShape
    {
        int taken = 0;
        int oversize = 0;
        uint slots = 0;
        bool full = false;
        for (int left = packets; left != 0 && walk.MoveNext(); left--)
        {
            uint needed = shape.SlotsFor(walk.Current, bufferSize);
            if (needed > ValePass.MaxFragments)
            {
                oversize++;
                continue;
            }

            full |= slots + needed > free;
            if (!full)
            {
                slots += needed;
                taken++;
            }
        }

        return new FragmentFit(taken, slots, oversize);
    }
}
