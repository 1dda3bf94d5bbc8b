namespace Ptnetmap.Linux.Net;

/// <summary>What a TAP interface is to do.</summary>
public sealed record TapOptions
{
    /// <summary>The interface can have more queues: each device that is made with its name adds one
    /// (<c>IFF_MULTI_QUEUE</c>).</summary>
    public bool MultiQueue { get; init; }

    /// <summary>A virtio-net header stands before each frame that is read or written (<c>IFF_VNET_HDR</c>). Frames that
    /// are written may then leave any of the offloads to the kernel.</summary>
    public bool VnetHeader { get; init; }

    /// <summary>What the kernel may leave undone in frames that are read; with <see cref="VnetHeader"/> only.</summary>
    public TapOffloads Offloads { get; init; }
}
