namespace Ptnetmap.Linux.Bpf;

/// <summary>A register of the BPF machine: R0 has results, R1 to R5 arguments, which calls do not preserve; R6 to R9
/// are preserved; R10 is the end of the stack (512 bytes below it) and read-only.</summary>
public enum BpfRegister : byte
{
    /// <summary>Result of a call and of the program.</summary>
    R0,

    /// <summary>First argument; at the start, the program's context.</summary>
    R1,

    /// <summary>Second argument.</summary>
    R2,

    /// <summary>Third argument.</summary>
    R3,

    /// <summary>Fourth argument.</summary>
    R4,

    /// <summary>Fifth argument.</summary>
    R5,

    /// <summary>Preserved.</summary>
    R6,

    /// <summary>Preserved.</summary>
    R7,

    /// <summary>Preserved.</summary>
    R8,

    /// <summary>Preserved.</summary>
    R9,

    /// <summary>The end of the stack.</summary>
    R10,
}
