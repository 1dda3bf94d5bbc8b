namespace Ptnetmap.Linux.Bpf;

/// <summary>When a jump is taken, by unsigned comparison of two operands: the operation bits of the opcode.</summary>
public enum BpfCondition : byte
{
    /// <summary>They are equal.</summary>
    Equal = 0x10,

    /// <summary>The first is greater.</summary>
    Greater = 0x20,

    /// <summary>The first is not less.</summary>
    GreaterOrEqual = 0x30,

    /// <summary>They have a bit in common.</summary>
    AnyBit = 0x40,

    /// <summary>They are not equal.</summary>
    NotEqual = 0x50,

    /// <summary>The first is less.</summary>
    Less = 0xA0,

    /// <summary>The first is not greater.</summary>
    LessOrEqual = 0xB0,
}
