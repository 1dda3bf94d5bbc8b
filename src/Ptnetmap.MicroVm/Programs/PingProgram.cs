using Ptnetmap.Traffic;

namespace Ptnetmap.MicroVm.Programs;

/// <summary>Sends one frame, waits until it comes back, and so on; the round trips' TSC ticks go into the histogram.
/// Packets counts the round trips.</summary>
public sealed record PingProgram : MicroVmProgram
{
    /// <summary>What it sends.</summary>
    public TrafficSpec Traffic { get; init; } = new();
}
