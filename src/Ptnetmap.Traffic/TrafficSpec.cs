using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Traffic;

/// <summary>What a guest sends, whatever it runs in: a <see cref="Sender"/> as many frames as it may, a
/// <see cref="Ping"/> the next one when the last one's answer is there.</summary>
public sealed record TrafficSpec
{
    /// <summary>Bytes of a frame, without Ethernet's checksum; at least <see cref="TestFrame.MinLength"/>.</summary>
    public int FrameLength { get; init; } = 60;

    /// <summary>Destination address.</summary>
    public MacAddress Destination { get; init; } = MacAddress.Local(2);

    /// <summary>Further destinations of a <see cref="Sender"/>. Frames go to <see cref="Destination"/> and to these in
    /// turn, <see cref="Turn"/> at a time, and each has a stream of sequence numbers of its own, from 0 on.</summary>
    public IReadOnlyList<MacAddress> MoreDestinations { get; init; } = [];

    /// <summary>Frames in a row to one destination before it is the next one's turn.</summary>
    public int Turn { get; init; } = 1;

    /// <summary>Source address.</summary>
    public MacAddress Source { get; init; } = MacAddress.Local(1);

    /// <summary>Slots between two publications, at most; a ping has one.</summary>
    public int Burst { get; init; } = 256;

    /// <summary>Packets a second over all rings; 0 sends as fast as it goes.</summary>
    public long Rate { get; init; }

    /// <summary>Packets in all, over all rings; 0 sends until it is stopped.</summary>
    public long Limit { get; init; }

    /// <summary>Read the clock once a batch and put the time into its frames; otherwise a sender's timestamp is
    /// 0.</summary>
    public bool Timestamps { get; init; }

    /// <summary>How long a ping waits for an answer; then it counts as lost. Long enough for a guest whose CPU is busy
    /// with others.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);
}
