namespace Ptnetmap.Ports.Rings;

/// <summary>Why a packet went no further. Every dropped packet counts under exactly one of these, at the ring that sent
/// it; <see cref="Unread"/> is the one that counts where the packet had arrived.</summary>
public enum DropReason
{
    /// <summary>The receiver's ring had no free slot.</summary>
    NoSpace,

    /// <summary>Shorter than an Ethernet header (14 bytes; on a switch that has VLANs, 18 with a tag).</summary>
    Runt,

    /// <summary>It would take more than 64 of the receiver's buffers, which are smaller; or it is more than 64 KB that
    /// are to be cut or summed, or becomes more frames than the receiver's ring has slots.</summary>
    Oversize,

    /// <summary>The slot named a buffer that is not in the pool.</summary>
    BadBufferIndex,

    /// <summary>The slot's length is more than a buffer holds.</summary>
    BadLength,

    /// <summary>Nobody to send it to: no other port, or the forced destination is not there.</summary>
    NoDestination,

    /// <summary>More than 64 slots in one packet.</summary>
    TooManyFragments,

    /// <summary>A flag that this port does not serve (<c>NS_INDIRECT</c>).</summary>
    UnsupportedFlag,

    /// <summary>The destination port has no guest.</summary>
    NoReceiver,

    /// <summary>The interface is down, or gone.</summary>
    LinkDown,

    /// <summary>The receiver overwrote the buffer index of a slot that was not its own. A violation at the receiver's
    /// ring, and no fault of who sent it.</summary>
    BadReceiverSlot,

    /// <summary>Its virtio-net header is cut off, does not fit its frame, or asks for what is not done here; or the
    /// guest that left the packet in the ring used a header of another length than the next one.</summary>
    BadOffload,

    /// <summary>The host's kernel does not take this frame on the interface.</summary>
    Refused,

    /// <summary>It would go to every port, and its sender's limit on that is reached.</summary>
    FloodLimit,

    /// <summary>It had arrived, but the guest left without reading it, and the next one starts with empty
    /// rings.</summary>
    Unread,

    /// <summary>An access port sent it with a tag that names a VLAN.</summary>
    Tagged,

    /// <summary>A trunk without a native VLAN sent it without a tag.</summary>
    Untagged,

    /// <summary>A trunk sent it with the tag of a VLAN that is not among the trunk's.</summary>
    ForeignVlan,
}
