namespace Ptnetmap.Linux.Bpf;

/// <summary>What is computed with two 64-bit operands, into the first: the operation bits of the opcode.</summary>
public enum BpfOperation : byte
{
    /// <summary>Sum.</summary>
    Add = 0x00,

    /// <summary>Difference.</summary>
    Subtract = 0x10,

    /// <summary>Bits that are set in one of them.</summary>
    Or = 0x40,

    /// <summary>Bits that are set in both.</summary>
    And = 0x50,

    /// <summary>The first, shifted left by the second.</summary>
    ShiftLeft = 0x60,

    /// <summary>The first, shifted right by the second, zeros coming in.</summary>
    ShiftRight = 0x70,

    /// <summary>The second.</summary>
    Move = 0xB0,
}
