using System.Diagnostics;
using Ptnetmap.Linux;

namespace Ptnetmap.Ports.Rings;

/// <summary>Lends the buffers of a receive ring's next free slots to the kernel, which writes a frame into them whose
/// length is known only afterwards, and lays it into the slots then. For a ring with a single sender, which holds
/// it.</summary>
public sealed class ScatterWriter
{
    private readonly uint[] _chosen = new uint[NetmapAbi.MaxFragments];

    /// <summary>Adds the buffers of the next <paramref name="slots"/> slots to <paramref name="list"/>; as many are
    /// free.</summary>
    /// <returns>False when the user has overwritten the index of a slot that was not its own: it gets the slots up to
    /// there back empty, and the violation is counted.</returns>
    public bool TryOpen(Kring rx, uint slots, ScatterList list)
    {
        Debug.Assert(slots <= rx.Free && slots <= _chosen.Length, "the caller has looked for free slots");
        uint at = rx.Claimed;
        for (uint i = 0; i < slots; i++)
        {
            uint index = rx.Ring.Slots[(int)at].BufferIndex;
            if (!rx.Buffers.IsValid(index))
            {
                rx.Blank(rx.Claimed, i + 1);
                rx.Fill(i + 1, i + 1);
                rx.Counters.AddSpoiled(1);
                return false;
            }

            _chosen[i] = index;
            list.Add(rx.Buffers[index]);
            at = rx.Ring.Next(at);
        }

        return true;
    }

    /// <summary>A packet of <paramref name="length"/> bytes, header included, is in the buffers that were opened: shows
    /// it.</summary>
    /// <returns>Its slots.</returns>
    public uint Close(Kring rx, uint length)
    {
        uint size = rx.Buffers.BufferSize;
        uint slots = FrameWriter.SlotsFor(length, size);
        Debug.Assert(slots <= rx.Free && slots <= _chosen.Length, "the packet is in slots that were opened");
        uint at = rx.Claimed;
        uint left = length;
        for (uint i = 0; i < slots; i++)
        {
            uint part = Math.Min(left, size);
            left -= part;
            rx.Ring.Slots[(int)at].Word = SlotWord.Received(_chosen[i], part, slots, isLast: left == 0);
            at = rx.Ring.Next(at);
        }

        rx.Fill(slots, slots);
        return slots;
    }
}
