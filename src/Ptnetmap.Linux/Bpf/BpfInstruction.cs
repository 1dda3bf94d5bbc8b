using System.Runtime.InteropServices;

namespace Ptnetmap.Linux.Bpf;

/// <summary>An instruction: <c>struct bpf_insn</c> (<c>bpf/standardization/instruction-set.rst</c>).
/// <code>0 opcode  1 source register : destination register  2 offset (16 bits)  4 immediate (32 bits)</code></summary>
/// <param name="Opcode">Class, operation, and kind of the second operand.</param>
/// <param name="Registers">The destination in the low four bits, the source in the high.</param>
/// <param name="Offset">Of an address in bytes; of a jump in instructions, from the next one.</param>
/// <param name="Immediate">A constant.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct BpfInstruction(byte Opcode, byte Registers, short Offset, int Immediate)
{
    /// <summary>Makes one of its parts.</summary>
    public BpfInstruction(int opcode, BpfRegister destination, BpfRegister source, int offset, int immediate)
        : this((byte)opcode, (byte)((int)destination | ((int)source << 4)), checked((short)offset), immediate)
    {
    }
}
