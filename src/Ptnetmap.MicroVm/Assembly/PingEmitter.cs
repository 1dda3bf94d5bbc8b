using Iced.Intel;
using Ptnetmap.MicroVm.Image;
using Ptnetmap.MicroVm.Programs;
using Ptnetmap.Traffic;
using static Iced.Intel.AssemblerRegisters;

namespace Ptnetmap.MicroVm.Assembly;

/// <summary>Ping: one frame at a time, and the time until it is back. The number of the frame that is out is in the
/// control block's spare word, when it left in its stamp.</summary>
internal sealed class PingEmitter : Emitter
{
    private const int Burst = 64;

    private readonly TrafficSpec _traffic;
    private readonly FrameEmitter _frame;
    private readonly CheckEmitter _check;
    private readonly PaceEmitter _pace;
    private readonly GuestRing _tx;
    private readonly GuestRing _rx;
    private readonly ulong _timeout;

    internal PingEmitter(GuestImage image, PingProgram program)
        : base(image, program)
    {
        _traffic = program.Traffic;
        _frame = new FrameEmitter(Asm, program.Traffic.FrameLength, timestamps: true);
        _check = new CheckEmitter(Asm);
        _pace = new PaceEmitter(Asm, program.Traffic.Rate, 1, image.TscKilohertz);
        _tx = image.RingsOf(0, RingDirection.Tx).First();
        _rx = image.RingsOf(0, RingDirection.Rx).First();
        _timeout = (ulong)(program.Traffic.Patience.TotalMilliseconds * image.TscKilohertz);
        _frame.Initialise(image, _tx, program.Traffic.Destination, program.Traffic.Source);
        image.Memory.Control(ControlBlock.Remaining) = (ulong)program.Traffic.Limit;
    }

    protected override void EmitBody()
    {
        Label send = Asm.CreateLabel();
        Label full = Asm.CreateLabel();
        Label await = Asm.CreateLabel();
        Label none = Asm.CreateLabel();
        Label next = Asm.CreateLabel();
        Asm.Label(ref send);
        EmitStopCheck();
        _pace.EmitWaitUntilDue(Finish);
        EmitSend(full);
        Asm.mov(eax, 1);
        _pace.EmitCharge();
        Asm.Label(ref await);
        EmitReceive(none);
        Asm.cmp(__qword_ptr[rbp + ControlBlock.IdleRings], 0);
        Asm.je(await);
        Asm.Label(ref next);
        Asm.inc(__qword_ptr[rbp + ControlBlock.Scratch]);
        EmitLimitReached(_traffic.Limit > 0);
        Asm.jmp(send);

        Asm.Label(ref none);
        EmitWaitFor(_rx, _timeout);
        EmitStopCheck();
        EmitReadTicks();
        Asm.sub(rax, __qword_ptr[rbp + ControlBlock.Stamp]);
        Asm.mov(rcx, _timeout);
        Asm.cmp(rax, rcx);
        Asm.jb(await);
        Asm.inc(__qword_ptr[rbp + ControlBlock.Lost]);
        Asm.jmp(next);

        Asm.Label(ref full);
        EmitWaitFor(_tx, 0);
        Asm.jmp(send);
    }

    private void EmitSend(Label full)
    {
        Asm.mov(rbx, _tx.Entry);
        EmitAvailable(1, full);
        EmitLimit(_traffic.Limit > 0);
        EmitReadTicks();
        Asm.mov(__qword_ptr[rbp + ControlBlock.Stamp], rax);
        Asm.mov(eax, 1);
        EmitRuns(() =>
        {
            _frame.EmitLoad();
            Asm.mov(eax, __dword_ptr[rdi]);
            _frame.EmitFrame();
            Asm.mov(__dword_ptr[rdi + NetmapSlot.LengthOffset], _traffic.FrameLength);
            _frame.EmitSave();
        });
        EmitPublish();
        Asm.inc(__qword_ptr[rbp + ControlBlock.Batches]);
    }

    // Reads what came and gives the slots back. The spare flag says whether the frame that is out was among it; answers
    // that come after their time are passed over.
    private void EmitReceive(Label none)
    {
        Asm.mov(rbx, _rx.Entry);
        Asm.mov(__qword_ptr[rbp + ControlBlock.IdleRings], 0);
        EmitAvailable(Burst, none);
        EmitRuns(EmitReadReplies);
        EmitPublish();
    }

    private void EmitReadReplies()
    {
        Label slot = Asm.CreateLabel();
        Label other = Asm.CreateLabel();
        Asm.Label(ref slot);
        Asm.mov(eax, __dword_ptr[rdi]);
        Asm.mov(ecx, __dword_ptr[rbx + RingEntry.BufferSize]);
        Asm.imul(rax, rcx);
        Asm.add(rax, __qword_ptr[rbx + RingEntry.Buffers]);
        Asm.mov(rcx, __qword_ptr[rax + TestFrame.SequenceOffset]);
        Asm.cmp(rcx, __qword_ptr[rbp + ControlBlock.Scratch]);
        Asm.jne(other);
        EmitReadTicks();
        Asm.sub(rax, __qword_ptr[rbp + ControlBlock.Stamp]);
        _check.EmitRecord();
        Asm.mov(__qword_ptr[rbp + ControlBlock.IdleRings], 1);
        Asm.inc(__qword_ptr[rbp + ControlBlock.Packets]);
        Asm.add(__qword_ptr[rbp + ControlBlock.Bytes], _traffic.FrameLength);
        Asm.Label(ref other);
        Asm.add(rdi, NetmapAbi.SlotSize);
        Asm.cmp(rdi, rsi);
        Asm.jne(slot);
    }

    private void EmitWaitFor(GuestRing ring, ulong ticks)
    {
        Asm.mov(rax, ring.Entry);
        Asm.mov(rdx, GuestMap.WaitList);
        Asm.mov(__qword_ptr[rdx], rax);
        Asm.mov(__qword_ptr[rbp + ControlBlock.WaitCount], 1);
        Asm.mov(rax, ticks);
        Asm.mov(__qword_ptr[rbp + ControlBlock.WaitTicks], rax);
        EmitWait();
    }
}
