using Iced.Intel;
using Ptnetmap.MicroVm.Image;
using Ptnetmap.MicroVm.Programs;
using Ptnetmap.Traffic;
using static Iced.Intel.AssemblerRegisters;

namespace Ptnetmap.MicroVm.Assembly;

/// <summary>Writes a guest program in machine code. Throughout: RBP points to the control block, RBX to the entry of
/// the ring whose turn it is, RSP to a stack; all other registers are free between the pieces.</summary>
internal abstract partial class Emitter
{
    private readonly MicroVmProgram _program;
    private readonly PatienceEmitter _patience;
    private Label _wait;
    private Label _finish;

    protected Emitter(GuestImage image, MicroVmProgram program)
    {
        Image = image;
        _program = program;
        _patience = new PatienceEmitter(Asm, image, program.Patience);
        _wait = Asm.CreateLabel();
        _finish = Asm.CreateLabel();
        for (int i = 0; i < sizeof(ulong); i++)
        {
            image.Memory.Control(ControlBlock.TailMasks + (i * sizeof(ulong))) = TestFrame.TailMask(i);
        }
    }

    protected Assembler Asm { get; } = new(64);

    protected GuestImage Image { get; }

    /// <summary>Where a program jumps to when it has come to its end.</summary>
    protected Label Finish => _finish;

    internal byte[] Assemble()
    {
        EmitEntry();
        EmitBody();
        EmitFinish();
        EmitWaitRoutine();
        using var stream = new MemoryStream();
        _ = Asm.Assemble(new StreamCodeWriter(stream), GuestMap.Code);
        return stream.ToArray();
    }

    /// <summary>The program's own loop; it ends by a jump to <see cref="Finish"/>.</summary>
    protected abstract void EmitBody();

    /// <summary>Leaves when the host asked for it.</summary>
    protected void EmitStopCheck()
    {
        Asm.cmp(__qword_ptr[rbp + ControlBlock.Stop], 0);
        Asm.jne(_finish);
    }

    /// <summary>RAX = time-stamp counter. Uses RDX.</summary>
    protected void EmitReadTicks()
    {
        Asm.rdtsc();
        Asm.shl(rdx, 32);
        Asm.or(rax, rdx);
    }

    /// <summary>Writes the wait list, for a program that always waits for the same rings.</summary>
    protected void SetWaitList(IReadOnlyList<GuestRing> rings)
    {
        for (int i = 0; i < rings.Count; i++)
        {
            Image.Memory.Word(GuestMap.WaitList + (ulong)(i * sizeof(ulong))) = rings[i].Entry;
        }

        Image.Memory.Control(ControlBlock.WaitCount) = (ulong)rings.Count;
    }

    /// <summary>Sleeps: an exit on which the VMM does the host's pending work and waits. The mask and the ticks are in
    /// the control block. Uses RDX.</summary>
    protected void EmitSleepExit()
    {
        Asm.mov(edx, GuestMap.SleepPort);
        Asm.@out(dx, eax);
    }

    // Where head and hwtail of all rings stand, the host says in the CSB: its application half too was set by the host.
    private void EmitEntry()
    {
        Asm.mov(rbp, GuestMap.Control);
        foreach (GuestRing ring in Image.Rings)
        {
            Asm.mov(rbx, ring.Entry);
            Asm.mov(rdx, __qword_ptr[rbx + RingEntry.Atok]);
            Asm.mov(eax, __dword_ptr[rdx + CsbAtok.HeadOffset]);
            Asm.mov(__dword_ptr[rbx + RingEntry.Head], eax);
            Asm.mov(rdx, __qword_ptr[rbx + RingEntry.Ktoa]);
            Asm.mov(eax, __dword_ptr[rdx + CsbKtoa.HwTailOffset]);
            Asm.mov(__dword_ptr[rbx + RingEntry.Tail], eax);
        }

        EmitReadTicks();
        Asm.mov(__qword_ptr[rbp + ControlBlock.StartTicks], rax);
        Asm.mov(__qword_ptr[rbp + ControlBlock.NextDue], rax);
    }

    private void EmitFinish()
    {
        Asm.Label(ref _finish);
        EmitReadTicks();
        Asm.mov(__qword_ptr[rbp + ControlBlock.EndTicks], rax);
        Label again = Asm.CreateLabel();
        Asm.Label(ref again);
        Asm.mov(edx, GuestMap.ExitPort);
        Asm.@out(dx, eax);
        Asm.jmp(again);
    }
}
