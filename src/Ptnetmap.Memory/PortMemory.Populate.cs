using Ptnetmap.Linux;

namespace Ptnetmap.Memory;

/// <content>When its pages come: those of rings when the port is opened, those of buffers when somebody is about to use
/// them.</content>
public sealed partial class PortMemory
{
    /// <summary>Has every buffer there that a slot of the port names, so that no packet pays for a page and nobody is
    /// killed for want of one. What is there already costs next to nothing. To be called before a guest is
    /// attached.</summary>
    /// <exception cref="MemoryLimitException">A limit leaves no memory for them; the message names it.</exception>
    /// <exception cref="LinuxException">The kernel has no memory for them.</exception>
    public void Populate()
    {
        Array.ForEach(TxRings, Populate);
        Array.ForEach(RxRings, Populate);
    }

    private string What => $"port {_name}";

    // Neighbours come together. The slots may be a guest's already: what they name is looked at once.
    private void Populate(RingView ring)
    {
        uint first = 0;
        uint count = 0;
        foreach (ref NetmapSlot slot in ring.Slots)
        {
            uint index = slot.BufferIndex;
            if (count > 0 && index == first + count && Region.Buffers.IsValid(index))
            {
                count++;
                continue;
            }

            Region.PopulateBuffers(What, first, count);
            (first, count) = Region.Buffers.IsValid(index) ? (index, 1u) : (0, 0);
        }

        Region.PopulateBuffers(What, first, count);
    }
}
