namespace Ptnetmap.MicroVm.Programs;

/// <summary>What a machine's guest does; assembled into machine code when the machine starts.</summary>
public abstract record MicroVmProgram
{
    private protected MicroVmProgram()
    {
    }

    /// <summary>How often the guest looks at its rings, a <c>pause</c> apart, before it asks for an interrupt and
    /// sleeps. Where guests and host share few cores, a long spin takes the CPU from the one that it waits
    /// for.</summary>
    public int SpinPauses { get; init; } = 100;

    /// <summary>How long the guest looks at its rings where the wait before this one was no longer: what a
    /// hypervisor's halt polling does for a guest that halts. Zero: it sleeps. Before it looks for long, here or by
    /// more than 100 <see cref="SpinPauses"/>, it has the host's pending work done by an exit.</summary>
    public TimeSpan Patience { get; init; }

    internal virtual int MinPorts => 1;

    /// <summary>The page tables map everything below, memory or not.</summary>
    internal virtual ulong MapsUpTo => 0;

    /// <summary>Loads from addresses without memory are part of the program.</summary>
    internal virtual bool TouchesHoles => false;
}
