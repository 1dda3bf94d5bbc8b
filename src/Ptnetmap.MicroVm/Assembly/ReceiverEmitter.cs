using Iced.Intel;
using Ptnetmap.MicroVm.Image;
using Ptnetmap.MicroVm.Programs;
using Ptnetmap.Traffic;
using static Iced.Intel.AssemblerRegisters;

namespace Ptnetmap.MicroVm.Assembly;

/// <summary>The receiver: read slots, in verify mode frames, give the slots back.</summary>
internal sealed class ReceiverEmitter : Emitter
{
    private const int Unrolled = 4;
    private const int MoreFragmentsBit = 53;

    private readonly ReceiverProgram _program;
    private readonly CheckEmitter _check;
    private readonly GuestRing[] _rings;

    internal ReceiverEmitter(GuestImage image, ReceiverProgram program)
        : base(image, program)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(program.Burst, 1, nameof(program));
        _program = program;
        _check = new CheckEmitter(Asm);
        _rings = [.. image.RingsOf(0, RingDirection.Rx)];
        image.Memory.Control(ControlBlock.Remaining) = (ulong)program.Packets;
    }

    protected override void EmitBody() => EmitRingLoop(_rings, EmitTurn);

    private void EmitTurn(Label empty)
    {
        EmitAvailable(_program.Burst, empty);
        EmitLimit(_program.Packets > 0);
        EmitRuns(_program.Verify || _program.Latency ? EmitFrames : EmitSlots);
        EmitPublish();
        EmitCountBatch();
        EmitLimitReached(_program.Packets > 0);
    }

    // RAX = a slot's first word. Bytes in R12, packets that go on in the next slot in R13.
    private void EmitSlots()
    {
        Label four = Asm.CreateLabel();
        Label rest = Asm.CreateLabel();
        Label done = Asm.CreateLabel();
        Asm.xor(r12d, r12d);
        Asm.xor(r13d, r13d);
        Asm.lea(r8, __[rsi - (Unrolled * NetmapAbi.SlotSize)]);
        Asm.cmp(rdi, r8);
        Asm.ja(rest);
        Asm.Label(ref four);
        for (int i = 0; i < Unrolled; i++)
        {
            EmitSlot(i * NetmapAbi.SlotSize);
        }

        Asm.add(rdi, Unrolled * NetmapAbi.SlotSize);
        Asm.cmp(rdi, r8);
        Asm.jbe(four);
        Asm.Label(ref rest);
        Asm.cmp(rdi, rsi);
        Asm.jae(done);
        EmitSlot(0);
        Asm.add(rdi, NetmapAbi.SlotSize);
        Asm.jmp(rest);
        Asm.Label(ref done);
        Asm.add(__qword_ptr[rbp + ControlBlock.Bytes], r12);
        Asm.sub(__qword_ptr[rbp + ControlBlock.Packets], r13);
    }

    private void EmitSlot(int offset)
    {
        Asm.mov(rax, __qword_ptr[rdi + offset]);
        Asm.bt(rax, MoreFragmentsBit);
        Asm.adc(r13, 0);
        Asm.shr(rax, 32);
        Asm.movzx(eax, ax);
        Asm.add(r12, rax);
    }

    private void EmitFrames()
    {
        Label slot = Asm.CreateLabel();
        Label next = Asm.CreateLabel();
        Asm.mov(r10, __qword_ptr[rbx + RingEntry.Buffers]);
        Asm.mov(r11d, __dword_ptr[rbx + RingEntry.BufferSize]);
        Asm.Label(ref slot);
        Asm.mov(rax, __qword_ptr[rdi]);
        Asm.mov(r8d, eax);
        Asm.imul(r8, r11);
        Asm.add(r8, r10);
        Asm.shr(rax, 32);
        Asm.movzx(ecx, ax);
        Asm.add(__qword_ptr[rbp + ControlBlock.Bytes], rcx);
        if (_program.Latency)
        {
            EmitReadTicks();
            Asm.sub(rax, __qword_ptr[r8 + TestFrame.TimestampOffset]);
            _check.EmitRecord();
        }

        if (_program.Verify)
        {
            _check.EmitCheck(next);
            _check.EmitSequence();
        }

        Asm.Label(ref next);
        Asm.add(rdi, NetmapAbi.SlotSize);
        Asm.cmp(rdi, rsi);
        Asm.jne(slot);
    }
}
