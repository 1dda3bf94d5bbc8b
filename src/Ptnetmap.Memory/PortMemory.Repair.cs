namespace Ptnetmap.Memory;

/// <content>Mending what a guest left behind, before the next one is attached.</content>
public sealed partial class PortMemory
{
    private ObjectSet? _seen;

    /// <summary>Writes the headers anew, and gives a buffer to each slot that names none: a guest that is gone may have
    /// left anything in them, and the next one would find no port. The
    /// buffers come from the region's free ones, and, while no other port is open in the region, from those that the
    /// guest lost. No guest is attached to the port, and no pass uses it.</summary>
    /// <returns>Slots that still name no buffer, or one that another slot of the port names too: what is sent from them
    /// is dropped and counted.</returns>
    public int Repair()
    {
        WriteHeaders();
        _seen ??= new ObjectSet(Region.BufferPool.Count);
        if (Survey() == 0)
        {
            return 0;
        }

        if (Region.OpenPorts == 1 && Shape.ExtraBuffers == 0)
        {
            Region.BufferPool.KeepOnly(_seen);
        }

        _seen.Clear();
        return Mend(TxRings) + Mend(RxRings);
    }

    // How many slots name no buffer, or another slot's. A guest that starts and stops in a loop has this done each
    // time, so it leaves no garbage behind.
    private int Survey()
    {
        _seen!.Clear();
        return Count(TxRings) + Count(RxRings);
    }

    private int Count(RingView[] rings)
    {
        int broken = 0;
        foreach (RingView ring in rings)
        {
            foreach (ref NetmapSlot slot in ring.Slots)
            {
                broken += IsFirst(slot.BufferIndex) ? 0 : 1;
            }
        }

        return broken;
    }

    private int Mend(RingView[] rings)
    {
        int left = 0;
        foreach (RingView ring in rings)
        {
            foreach (ref NetmapSlot slot in ring.Slots)
            {
                if (IsFirst(slot.BufferIndex))
                {
                    continue;
                }

                if (Region.BufferPool.TryAllocate(out uint fresh))
                {
                    _ = _seen!.Add(fresh);
                    slot.Word = new SlotWord(fresh, 0, SlotFlags.BufferChanged);
                }
                else
                {
                    left++;
                }
            }
        }

        return left;
    }

    private bool IsFirst(uint buffer) => Region.Buffers.IsValid(buffer) && _seen!.Add(buffer);
}
