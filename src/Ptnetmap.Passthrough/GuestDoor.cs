using Ptnetmap.Linux;
using Ptnetmap.Memory;

namespace Ptnetmap.Passthrough;

/// <summary>What a transport brings for a guest: an entry of the CSB, a kick and an interrupt a ring, all tx rings
/// first, then all rx rings.</summary>
/// <param name="Csb">The host's view of each ring's entries; the memory stays mapped until after the
/// detachment.</param>
/// <param name="Kicks">One a ring.</param>
/// <param name="Interrupts">One a ring.</param>
public sealed record GuestDoor(CsbHostView[] Csb, EventFd[] Kicks, EventFd[] Interrupts)
{
    /// <summary>Bytes of virtio-net header that the guest puts before each frame and wants before each: 0, or 12 where
    /// the port can use it.</summary>
    public int VnetHeaderLength { get; init; }

    /// <summary>The guest was attached before and has not noticed that it was away (its port was held, its memory
    /// moved): its half of the CSB says how far it got meanwhile, and is not overwritten.</summary>
    public bool Resumes { get; init; }
}
