namespace Ptnetmap.MicroVm.Programs;

/// <summary>Returns every frame of the first port to its sender: addresses swapped, the buffer itself moved from the rx
/// slot to a tx slot, nothing copied.</summary>
public sealed record EchoProgram : MicroVmProgram
{
    /// <summary>At most so many slots between two publications.</summary>
    public int Burst { get; init; } = 256;
}
