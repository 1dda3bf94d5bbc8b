namespace Ptnetmap.Traffic.Programs;

/// <summary>What a <see cref="Receiver"/> does with what it receives.</summary>
public sealed record ReceiverOptions
{
    /// <summary>Read each frame, check its checksum and follow its sequence number; otherwise only slots are
    /// read.</summary>
    public bool Verify { get; init; }

    /// <summary>Record the time since each frame's timestamp (senders with <see cref="TrafficSpec.Timestamps"/>);
    /// implies that frames are read.</summary>
    public bool Latency { get; init; }

    /// <summary>Addresses of the senders, when there are several: each has a stream of its own on each ring, and its
    /// frames are counted apart (<see cref="Receiver.PacketsFrom"/>). Implies that frames are looked at.</summary>
    public IReadOnlyList<MacAddress> Sources { get; init; } = [];

    /// <summary>Packets after which it is finished; 0 receives until it is stopped.</summary>
    public long Limit { get; init; }

    /// <summary>Frames a second that it reads at most; 0 reads what there is. It sleeps in between.</summary>
    public long Rate { get; init; }

    /// <summary>Measures the longest time without a packet (<see cref="GuestCounters.LongestGap"/>), at the price of a
    /// look at the clock for each batch.</summary>
    public bool Gaps { get; init; }
}
