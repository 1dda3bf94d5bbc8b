using Ptnetmap.MicroVm.Assembly;
using Ptnetmap.Traffic;

namespace Ptnetmap.MicroVm.Programs;

/// <summary>Sends <see cref="TestFrame"/>s on all tx rings of the first port, in turn; each ring has its own sequence
/// numbers. The whole frame is written into the buffer of every packet, checksum included.</summary>
public sealed record SenderProgram : MicroVmProgram
{
    /// <summary>Bytes of a frame, without Ethernet's checksum.</summary>
    public int FrameLength { get; init; } = 60;

    /// <summary>At most so many slots between two publications.</summary>
    public int Burst { get; init; } = 256;

    /// <summary>Packets to send; 0 for no end.</summary>
    public long Packets { get; init; }

    /// <summary>Packets a second; 0 for as many as possible. Bursts become short enough to make at least ten thousand
    /// publications a second, or one a packet.</summary>
    public long Rate { get; init; }

    /// <summary>Writes the time-stamp counter into every frame.</summary>
    public bool Timestamps { get; init; }

    /// <summary>Destination address, lowest byte first on the wire.</summary>
    public ulong Destination { get; init; } = TestFrame.LocalAddress(2);

    /// <summary>Source address.</summary>
    public ulong Source { get; init; } = TestFrame.LocalAddress(1);

    /// <inheritdoc/>
    internal override byte[] Assemble(GuestImage image) => new SenderEmitter(image, this).Assemble();
}
