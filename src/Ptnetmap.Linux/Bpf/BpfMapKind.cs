namespace Ptnetmap.Linux.Bpf;

/// <summary>What a map holds: <c>enum bpf_map_type</c>.</summary>
public enum BpfMapKind
{
    /// <summary>Values by number.</summary>
    Array = 2,

    /// <summary>Programs by number, to go on to (<c>bpf_tail_call</c>).</summary>
    ProgramArray = 3,

    /// <summary>Values by number, with a value for each CPU.</summary>
    PerCpuArray = 6,

    /// <summary>AF_XDP sockets by number.</summary>
    XskMap = 17,
}
