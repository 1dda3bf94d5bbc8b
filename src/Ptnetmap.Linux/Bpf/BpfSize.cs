namespace Ptnetmap.Linux.Bpf;

/// <summary>How much a load or store moves: the size bits of its opcode.</summary>
public enum BpfSize : byte
{
    /// <summary>Four bytes.</summary>
    Word = 0x00,

    /// <summary>Two bytes.</summary>
    Half = 0x08,

    /// <summary>One byte.</summary>
    Byte = 0x10,

    /// <summary>Eight bytes.</summary>
    Double = 0x18,
}
