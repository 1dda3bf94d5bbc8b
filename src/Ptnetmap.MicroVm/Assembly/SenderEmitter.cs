using Iced.Intel;
using Ptnetmap.MicroVm.Image;
using Ptnetmap.MicroVm.Programs;
using Ptnetmap.Traffic;
using static Iced.Intel.AssemblerRegisters;

namespace Ptnetmap.MicroVm.Assembly;

/// <summary>The sender: fill slots, publish, kick; pace by the time-stamp counter.</summary>
internal sealed class SenderEmitter : Emitter
{
    private readonly TrafficSpec _traffic;
    private readonly FrameEmitter _frame;
    private readonly TurnEmitter _turns;
    private readonly PaceEmitter _pace;
    private readonly GuestRing[] _rings;

    internal SenderEmitter(GuestImage image, SenderProgram program)
        : base(image, program)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(program.Traffic.Burst, 1, nameof(program));
        _traffic = program.Traffic;
        _frame = new FrameEmitter(Asm, program.Traffic.FrameLength, program.Traffic.Timestamps);
        _turns = new TurnEmitter(Asm, program.Traffic);
        _pace = new PaceEmitter(Asm, program.Traffic.Rate, program.Traffic.Burst, image.TscKilohertz);
        _rings = [.. image.RingsOf(0, RingDirection.Tx)];
        Array.ForEach(_rings,
            ring => _frame.Initialise(image, ring, program.Traffic.Destination, program.Traffic.Source));
        _turns.Initialise(image, _rings);
        image.Memory.Control(ControlBlock.Remaining) = (ulong)program.Traffic.Limit;
    }

    protected override void EmitBody() => EmitRingLoop(_rings, EmitTurn);

    private void EmitTurn(Label empty)
    {
        _pace.EmitWaitUntilDue(Finish);
        EmitAvailable(_pace.Burst, empty);
        EmitLimit(_traffic.Limit > 0);
        EmitRuns(EmitRun);
        EmitPublish();
        EmitCountBatch();
        _pace.EmitCharge();
        Asm.imul(rax, rax, _traffic.FrameLength);
        Asm.add(__qword_ptr[rbp + ControlBlock.Bytes], rax);
        EmitLimitReached(_traffic.Limit > 0);
    }

    private void EmitRun()
    {
        _frame.EmitLoad();
        Label slot = Asm.CreateLabel();
        Asm.Label(ref slot);
        if (_traffic.Timestamps)
        {
            EmitReadTicks();
            Asm.mov(__qword_ptr[rbp + ControlBlock.Stamp], rax);
        }

        Asm.mov(eax, __dword_ptr[rdi]);
        _frame.EmitFrame();
        _turns.EmitNext();

        // len and flags (0) in one store; the index stays whatever the host made it.
        Asm.mov(__dword_ptr[rdi + NetmapSlot.LengthOffset], _traffic.FrameLength);
        Asm.add(rdi, NetmapAbi.SlotSize);
        Asm.cmp(rdi, rsi);
        Asm.jne(slot);
        _frame.EmitSave();
    }
}
