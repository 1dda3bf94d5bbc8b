using Iced.Intel;
using Ptnetmap.MicroVm.Image;
using Ptnetmap.MicroVm.Programs;
using static Iced.Intel.AssemblerRegisters;

namespace Ptnetmap.MicroVm.Assembly;

/// <summary>The scribbler: xorshift64 numbers in R12.</summary>
internal sealed class ScribblerEmitter : Emitter
{
    private const int SmallMask = 0x1FFF;
    private const int SlotsARound = 8;

    private readonly ScribblerProgram _program;

    internal ScribblerEmitter(GuestImage image, ScribblerProgram program)
        : base(image, program)
    {
        ArgumentOutOfRangeException.ThrowIfZero(program.Seed, nameof(program));
        _program = program;
        image.Memory.Control(ControlBlock.Remaining) = (ulong)program.Rounds;
    }

    protected override void EmitBody()
    {
        Label round = Asm.CreateLabel();
        Label ring = Asm.CreateLabel();
        Asm.mov(r12, _program.Seed);
        Asm.Label(ref round);
        Asm.mov(rbx, Image.Rings[0].Entry);
        Asm.Label(ref ring);
        EmitStopCheck();
        EmitScribbleCsb();
        EmitScribbleSlots();
        Asm.mov(edx, __dword_ptr[rbx + RingEntry.KickPort]);
        Asm.@out(dx, eax);
        Asm.inc(__qword_ptr[rbp + ControlBlock.Kicks]);
        Asm.add(rbx, RingEntry.Size);
        Asm.mov(rax, Image.Rings[^1].Entry);
        Asm.cmp(rbx, rax);
        Asm.jbe(ring);
        Asm.inc(__qword_ptr[rbp + ControlBlock.Batches]);
        if (_program.Rounds > 0)
        {
            Asm.dec(__qword_ptr[rbp + ControlBlock.Remaining]);
            Asm.jz(Finish);
        }

        Asm.jmp(round);
    }

    private void EmitScribbleCsb()
    {
        Asm.mov(rdi, __qword_ptr[rbx + RingEntry.Atok]);
        EmitWords(CsbAtok.Words);
        if (!_program.KernelHalf)
        {
            return;
        }

        Asm.mov(rdi, __qword_ptr[rbx + RingEntry.Ktoa]);
        EmitWords(CsbKtoa.Words);
        EmitRandom();
        Asm.mov(ecx, eax);
        Asm.and(ecx, NetmapAbi.RingHeaderSize - sizeof(ulong));
        Asm.mov(rdi, __qword_ptr[rbx + RingEntry.Header]);
        Asm.mov(__qword_ptr[rdi + rcx], r12);
    }

    private void EmitWords(int count)
    {
        for (int i = 0; i < count; i++)
        {
            EmitRandom();
            Asm.mov(__dword_ptr[rdi + (i * sizeof(uint))], eax);
        }
    }

    // Some slots, anywhere in the ring: (random * slots) >> 32.
    private void EmitScribbleSlots()
    {
        Label slot = Asm.CreateLabel();
        Asm.mov(esi, SlotsARound);
        Asm.Label(ref slot);
        EmitRandom();
        Asm.mov(edi, r12d);
        Asm.mov(ecx, __dword_ptr[rbx + RingEntry.SlotCount]);
        Asm.imul(rdi, rcx);
        Asm.shr(rdi, 32);
        Asm.shl(rdi, NetmapSlot.SizeShift);
        Asm.add(rdi, __qword_ptr[rbx + RingEntry.Slots]);
        Asm.mov(__dword_ptr[rdi], eax);
        EmitRandom();
        Asm.mov(__dword_ptr[rdi + NetmapSlot.LengthOffset], eax);
        Asm.dec(esi);
        Asm.jnz(slot);
    }

    // EAX = a random number, small every other time. Uses RCX.
    private void EmitRandom()
    {
        Label large = Asm.CreateLabel();
        Asm.mov(rcx, r12);
        Asm.shl(rcx, 13);
        Asm.xor(r12, rcx);
        Asm.mov(rcx, r12);
        Asm.shr(rcx, 7);
        Asm.xor(r12, rcx);
        Asm.mov(rcx, r12);
        Asm.shl(rcx, 17);
        Asm.xor(r12, rcx);
        Asm.mov(rax, r12);
        Asm.shr(rax, 32);
        Asm.bt(r12, 20);
        Asm.jc(large);
        Asm.and(eax, SmallMask);
        Asm.Label(ref large);
        Asm.nop();
    }
}
