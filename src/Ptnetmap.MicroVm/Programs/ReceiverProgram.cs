namespace Ptnetmap.MicroVm.Programs;

/// <summary>Receives on all rx rings of the first port. Every slot is read; each ring carries the stream of one
/// sender's ring.</summary>
public sealed record ReceiverProgram : MicroVmProgram
{
    /// <summary>At most so many slots between two releases.</summary>
    public int Burst { get; init; } = 256;

    /// <summary>Packets after which it ends; 0 for no end.</summary>
    public long Packets { get; init; }

    /// <summary>Reads every frame as well: sequence numbers, and the checksum over the whole frame.</summary>
    public bool Verify { get; init; }

    /// <summary>Fills the latency histogram with the time since each frame's stamp, in TSC ticks; the sender's counter
    /// is the same when <see cref="MicroVirtualMachine.HasHostTsc"/> is true for both.</summary>
    public bool Latency { get; init; }
}
