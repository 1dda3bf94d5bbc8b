namespace Ptnetmap.Memory;

/// <content>Mending what a guest left behind, before the next one is attached.</content>
public sealed partial class PortMemory
{
    /// <summary>Writes the headers anew, and gives a buffer to each slot that names none: a guest that is gone may have left
    /// anything in them, and the next one would find no port. The
    /// buffers come from the region's free ones, and, while no other port is open in the region, from those that the
    /// guest lost. No guest is attached to the port, and no pass uses it.</summary>
    /// <returns>Slots that still name no buffer, or one that another slot of the port names too: what is sent from them
    /// is dropped and counted.</returns>
    public int Repair()
    {
        WriteHeaders();
        var seen = new HashSet<uint>();
        var broken = new List<(RingView Ring, int Slot)>();
        foreach (RingView ring in TxRings.Concat(RxRings))
        {
            for (int i = 0; i < ring.Slots.Length; i++)
            {
                uint index = ring.Slots[i].BufferIndex;
                if (!Region.Buffers.IsValid(index) || !seen.Add(index))
                {
                    broken.Add((ring, i));
                }
            }
        }

        if (broken.Count == 0)
        {
            return 0;
        }

        if (Region.OpenPorts == 1 && Shape.ExtraBuffers == 0)
        {
            Region.BufferPool.KeepOnly(seen);
        }

        int mended = 0;
        while (mended < broken.Count && Region.BufferPool.TryAllocate(out uint fresh))
        {
            (RingView ring, int slot) = broken[mended++];
            ring.Slots[slot].Word = new SlotWord(fresh, 0, SlotFlags.BufferChanged);
        }

        return broken.Count - mended;
    }
}
