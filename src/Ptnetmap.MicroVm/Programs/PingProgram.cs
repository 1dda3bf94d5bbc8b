using Ptnetmap.MicroVm.Assembly;
using Ptnetmap.Traffic;

namespace Ptnetmap.MicroVm.Programs;

/// <summary>Sends one frame, waits until it comes back, and so on; the round trips' TSC ticks go into the histogram.
/// Packets counts the round trips.</summary>
public sealed record PingProgram : MicroVmProgram
{
    /// <summary>Bytes of a frame, without Ethernet's checksum.</summary>
    public int FrameLength { get; init; } = 60;

    /// <summary>Frames to send; 0 for no end.</summary>
    public long Packets { get; init; }

    /// <summary>Frames a second at most; 0 for one after the other.</summary>
    public long Rate { get; init; }

    /// <summary>After so long without an answer a frame counts as lost and the next one is sent.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Destination address, lowest byte first on the wire.</summary>
    public ulong Destination { get; init; } = TestFrame.LocalAddress(2);

    /// <summary>Source address.</summary>
    public ulong Source { get; init; } = TestFrame.LocalAddress(1);

    /// <inheritdoc/>
    internal override byte[] Assemble(GuestImage image) => new PingEmitter(image, this).Assemble();
}
