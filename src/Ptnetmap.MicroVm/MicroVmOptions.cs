using Ptnetmap.MicroVm.Programs;
using Ptnetmap.Passthrough;

namespace Ptnetmap.MicroVm;

/// <summary>What a machine is made of.</summary>
public sealed record MicroVmOptions
{
    /// <summary>Shown in thread names, <c>/proc/PID/maps</c> and messages.</summary>
    public string Name { get; init; } = "vm";

    /// <summary>What its guest does.</summary>
    public required MicroVmProgram Program { get; init; }

    /// <summary>The ports that are passed through to it; attached as long as the machine lives.</summary>
    public IReadOnlyList<GuestAttachment> Ports { get; init; } = [];

    /// <summary>The CPU that its vCPU is bound to; null leaves it to the scheduler.</summary>
    public int? Cpu { get; init; }
}
