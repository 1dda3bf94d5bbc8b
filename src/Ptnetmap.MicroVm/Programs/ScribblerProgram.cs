namespace Ptnetmap.MicroVm.Programs;

/// <summary>A guest from hell: random values in all CSB words of both halves, ring headers and slots, of every ring of
/// every port, and a kick after each round. Half of the values are small enough to look right.</summary>
public sealed record ScribblerProgram : MicroVmProgram
{
    /// <summary>Start of the random numbers; not 0.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Rounds over all rings; 0 for no end.</summary>
    public long Rounds { get; init; }

    /// <summary>Also writes the kernel's half of the CSB and the ring headers, which a guest has no business
    /// with.</summary>
    public bool KernelHalf { get; init; } = true;
}
