using System.Buffers.Binary;
using Iced.Intel;
using Ptnetmap.MicroVm.Image;
using Ptnetmap.MicroVm.Programs;
using static Iced.Intel.AssemblerRegisters;

namespace Ptnetmap.MicroVm.Assembly;

/// <summary>The probe. The secret is in R12 and R13, and nowhere in the guest's memory: it is not to find
/// itself.</summary>
internal sealed class ProbeEmitter : Emitter
{
    private const ulong Disguise = 0xA5A5_5A5A_C3C3_3C3C;

    private readonly ProbeProgram _program;

    internal ProbeEmitter(GuestImage image, ProbeProgram program)
        : base(image, program)
    {
        if (program.Secret.Length != ProbeProgram.SecretSize)
        {
            throw new ArgumentException($"a secret has {ProbeProgram.SecretSize} bytes, not {program.Secret.Length}");
        }

        _program = program;
    }

    protected override void EmitBody()
    {
        EmitDisguised(r12, 0);
        EmitDisguised(r13, sizeof(ulong));
        foreach (GuestArea area in Image.Areas)
        {
            EmitScan(area.Address, area.Address + (ulong)area.Length - ProbeProgram.SecretSize, sizeof(ulong));
        }

        EmitScan(0, (ulong)(_program.Limit - ProbeProgram.SecretSize), (ulong)_program.Step);
        Asm.jmp(Finish);
    }

    private void EmitDisguised(AssemblerRegister64 register, int offset)
    {
        ulong word = BinaryPrimitives.ReadUInt64LittleEndian(_program.Secret.Span[offset..]);
        Asm.mov(register, word ^ Disguise);
        Asm.mov(rax, Disguise);
        Asm.xor(register, rax);
    }

    private void EmitScan(ulong from, ulong last, ulong step)
    {
        Label look = Asm.CreateLabel();
        Label other = Asm.CreateLabel();
        Asm.mov(rdi, from);
        Asm.mov(rsi, last);
        Asm.mov(rcx, step);
        Asm.Label(ref look);
        EmitStopCheck();
        Asm.inc(__qword_ptr[rbp + ControlBlock.Probed]);
        Asm.mov(rax, __qword_ptr[rdi]);
        Asm.cmp(rax, r12);
        Asm.jne(other);
        Asm.cmp(__qword_ptr[rdi + sizeof(ulong)], r13);
        Asm.jne(other);
        Asm.inc(__qword_ptr[rbp + ControlBlock.Found]);
        Asm.Label(ref other);
        Asm.add(rdi, rcx);
        Asm.cmp(rdi, rsi);
        Asm.jbe(look);
    }
}
