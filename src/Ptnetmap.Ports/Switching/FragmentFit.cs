using Ptnetmap.Memory;

namespace Ptnetmap.Ports.Switching;

/// <summary>How much of a queue a receive ring takes. Fragments are copied one to one, but one that is longer than the
/// receiver's buffers goes on in its next slots.</summary>
/// <param name="Packets">Packets that are taken, in order; those that are oversize are left out.</param>
/// <param name="Slots">Receive slots for them.</param>
/// <param name="Oversize">Packets that would be more than 64 of the receiver's buffers.</param>
internal readonly record struct FragmentFit(int Packets, uint Slots, int Oversize)
{
    /// <summary>Measures a queue against <paramref name="free"/> slots of <paramref name="bufferSize"/> bytes. After
    /// the first packet that has no space no other is taken, so that a sender's packets never overtake each
    /// other.</summary>
    public static FragmentFit Measure(ValePass pass, in DestinationQueue queue, uint bufferSize, uint free)
    {
        int packets = 0;
        int oversize = 0;
        uint slots = 0;
        bool full = false;
        var walk = new PacketWalk(pass, in queue);
        while (walk.MoveNext())
        {
            uint needed = SlotsFor(walk.Current, bufferSize);
            if (needed > ValePass.MaxFragments)
            {
                oversize++;
                continue;
            }

            full |= slots + needed > free;
            if (!full)
            {
                slots += needed;
                packets++;
            }
        }

        return new FragmentFit(packets, slots, oversize);
    }

    /// <summary>Receive slots that a packet takes.</summary>
    public static uint SlotsFor(ReadOnlySpan<SlotWord> packet, uint bufferSize)
    {
        uint slots = 0;
        foreach (SlotWord word in packet)
        {
            slots += word.Length <= bufferSize ? 1 : (word.Length + bufferSize - 1) / bufferSize;
        }

        return slots;
    }
}
