using Ptnetmap.Memory;

namespace Ptnetmap.Client;

/// <summary>What a guest has of the host, however it is attached: a region, its entries of the CSB, a doorbell and an
/// interrupt a ring. Rings are counted as in the CSB: all tx rings first, then all rx rings. Different rings may be
/// used by different threads.</summary>
public abstract class GuestChannel
{
    /// <summary>The region with the port's rings and buffers.</summary>
    public abstract MemoryRegion Region { get; }

    /// <summary>Offset of the port's <c>netmap_if</c> from the region's start.</summary>
    public abstract long InterfaceOffset { get; }

    /// <summary>Bytes of virtio-net header before each frame, sent and received (<c>virt_hdr_len</c>): 0 or 12, as
    /// agreed with the host.</summary>
    public virtual int VnetHeaderLength => 0;

    /// <summary>The guest's view of a ring's two CSB entries.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such ring.</exception>
    public abstract CsbGuestView Csb(int ring);

    /// <summary>Tells the host that there is news in a ring; to be called only when the host asked for it.</summary>
    public abstract void Kick(int ring);

    /// <summary>Sleeps until one of <paramref name="rings"/> is interrupted or woken, and takes what came. The caller
    /// has asked for the interrupts in the CSB and has looked once more. With no rings it sleeps for the whole
    /// time.</summary>
    /// <returns>The position in <paramref name="rings"/> of one that was interrupted; -1 when the time ran out or a
    /// signal came.</returns>
    public abstract int WaitInterrupt(ReadOnlySpan<int> rings, TimeSpan timeout);

    /// <summary>Ends the wait for <paramref name="ring"/> that is under way or comes next, as an interrupt would. For
    /// another thread that wants this one's attention.</summary>
    public abstract void Wake(int ring);

    /// <summary>The caller has nothing to do and is about to sleep: lets the host's pending work for this guest be done
    /// on this thread, where the transport can, so that no worker has to be woken for it.</summary>
    /// <returns>False when the transport has no such short way.</returns>
    public virtual bool Assist() => false;
}
