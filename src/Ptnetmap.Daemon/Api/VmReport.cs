namespace Ptnetmap.Daemon.Api;

/// <summary>How QEMU is to be started so that a virtual machine has these ports.</summary>
public sealed record VmReport
{
    /// <summary>Arguments for QEMU, each one as it is to reach the program: machine, memory, devices.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>The guest's memory in MiB.</summary>
    public required int MemoryMib { get; init; }

    /// <summary>The devices, in the order in which the guest finds them.</summary>
    public required IReadOnlyList<VmDeviceReport> Devices { get; init; }

    /// <summary>What stands in the way now.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}
