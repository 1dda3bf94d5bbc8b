using Ptnetmap.Traffic;

namespace Ptnetmap.MicroVm.Programs;

/// <summary>Sends <see cref="TestFrame"/>s on all tx rings of the first port, in turn; each ring has its own sequence
/// numbers. The whole frame is written into the buffer of every packet, checksum included.</summary>
public sealed record SenderProgram : MicroVmProgram
{
    /// <summary>What it sends. With a rate, bursts become short enough to make at least ten thousand publications a
    /// second, or one a packet; timestamps are the time-stamp counter's, one a frame.</summary>
    public TrafficSpec Traffic { get; init; } = new();
}
