using Ptnetmap.Traffic;

namespace Ptnetmap.MicroVm.Programs;

/// <summary>Sends one frame, waits until it comes back, and so on; the round trips' TSC ticks go into the histogram.
/// Packets counts the round trips.</summary>
public sealed record PingProgram : MicroVmProgram
{
    /// <summary>How long an answer is waited for where nothing else is said.</summary>
    public static TimeSpan UsualPatience { get; } = TimeSpan.FromMilliseconds(100);

    /// <summary>What it sends.</summary>
    public TrafficSpec Traffic { get; init; } = new() { Patience = UsualPatience };
}
