namespace Ptnetmap.Traffic.Programs;

/// <summary>What a <see cref="Ping"/> sends.</summary>
public sealed record PingOptions
{
    /// <summary>Bytes of a frame, without Ethernet's checksum; at least <see cref="TestFrame.MinLength"/>.</summary>
    public int FrameLength { get; init; } = 60;

    /// <summary>Destination address, lowest byte first on the wire.</summary>
    public ulong Destination { get; init; } = TestFrame.LocalAddress(2);

    /// <summary>Source address.</summary>
    public ulong Source { get; init; } = TestFrame.LocalAddress(1);

    /// <summary>Time between two requests; zero sends the next when the last one's answer is there.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.Zero;

    /// <summary>How long an answer is waited for; then it counts as lost.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Requests in all; 0 goes on until it is stopped.</summary>
    public long Limit { get; init; }
}
