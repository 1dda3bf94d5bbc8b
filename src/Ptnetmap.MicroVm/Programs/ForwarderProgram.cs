namespace Ptnetmap.MicroVm.Programs;

/// <summary>Passes frames on from the first port to the second, ring by ring. Buffers are swapped when both ports are
/// in one region; between regions, frames are copied.</summary>
public sealed record ForwarderProgram : MicroVmProgram
{
    /// <summary>At most so many slots between two publications.</summary>
    public int Burst { get; init; } = 256;

    /// <summary>Also from the second port to the first.</summary>
    public bool BothWays { get; init; }

    /// <inheritdoc/>
    internal override int MinPorts => 2;
}
