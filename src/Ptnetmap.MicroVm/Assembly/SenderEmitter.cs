using Iced.Intel;
using Ptnetmap.MicroVm.Programs;
using static Iced.Intel.AssemblerRegisters;

namespace Ptnetmap.MicroVm.Assembly;

/// <summary>The sender: fill slots, publish, kick; pace by the time-stamp counter.</summary>
internal sealed class SenderEmitter : Emitter
{
    private readonly SenderProgram _program;
    private readonly FrameEmitter _frame;
    private readonly PaceEmitter _pace;
    private readonly GuestRing[] _rings;

    internal SenderEmitter(GuestImage image, SenderProgram program)
        : base(image, program.SpinPauses)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(program.Burst, 1, nameof(program));
        _program = program;
        _frame = new FrameEmitter(Asm, program.FrameLength, program.Timestamps);
        _pace = new PaceEmitter(Asm, program.Rate, program.Burst, image.TscKilohertz);
        _rings = [.. image.RingsOf(0, RingDirection.Tx)];
        Array.ForEach(_rings, ring => _frame.Initialise(image, ring, program.Destination, program.Source));
        image.Memory.Control(ControlBlock.Remaining) = (ulong)program.Packets;
    }

    protected override void EmitBody() => EmitRingLoop(_rings, EmitTurn);

    private void EmitTurn(Label empty)
    {
        _pace.EmitWaitUntilDue(Finish);
        EmitAvailable(_pace.Burst, empty);
        EmitLimit(_program.Packets > 0);
        EmitRuns(EmitRun);
        EmitPublish();
        EmitCountBatch();
        _pace.EmitCharge();
        Asm.imul(rax, rax, _program.FrameLength);
        Asm.add(__qword_ptr[rbp + ControlBlock.Bytes], rax);
        EmitLimitReached(_program.Packets > 0);
    }

    private void EmitRun()
    {
        _frame.EmitLoad();
        Label slot = Asm.CreateLabel();
        Asm.Label(ref slot);
        if (_program.Timestamps)
        {
            EmitReadTicks();
            Asm.mov(__qword_ptr[rbp + ControlBlock.Stamp], rax);
        }

        Asm.mov(eax, __dword_ptr[rdi]);
        _frame.EmitFrame();

        // len and flags (0) in one store; the index stays whatever the host made it.
        Asm.mov(__dword_ptr[rdi + NetmapSlot.LengthOffset], _program.FrameLength);
        Asm.add(rdi, NetmapAbi.SlotSize);
        Asm.cmp(rdi, rsi);
        Asm.jne(slot);
        _frame.EmitSave();
    }
}
