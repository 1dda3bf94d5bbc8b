namespace Ptnetmap.Client;

/// <summary>What a program wants of a port that it opens.</summary>
public sealed record PortRequest
{
    /// <summary>What waits do before they sleep; null: <see cref="IdleStrategy.Default"/>.</summary>
    public IdleStrategy? Idle { get; init; }

    /// <summary>Ask for the virtio-net header; <see cref="GuestChannel.VnetHeaderLength"/> says whether it was granted.
    /// For programs that put one before each frame.</summary>
    public bool Offloads { get; init; }
}
