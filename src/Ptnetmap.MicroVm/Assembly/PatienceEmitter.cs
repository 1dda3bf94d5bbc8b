using Iced.Intel;
using Ptnetmap.MicroVm.Image;
using static Iced.Intel.AssemblerRegisters;

namespace Ptnetmap.MicroVm.Assembly;

/// <summary>Looks for long before the guest sleeps, where its last wait was no longer than its patience. After a look
/// in vain it sleeps through one such wait, if the next is in vain as well through 3, 7, and up to 63: where the
/// partner needs the core that the guest looks from, looking never finds anything.</summary>
internal sealed class PatienceEmitter
{
    private const int MostWaitsToSleep = 63;

    private readonly Assembler _asm;
    private readonly GuestImage _image;
    private readonly ulong _ticks;

    internal PatienceEmitter(Assembler asm, GuestImage image, TimeSpan patience)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(patience, TimeSpan.Zero);
        _asm = asm;
        _image = image;
        _ticks = (ulong)(patience.TotalMilliseconds * image.TscKilohertz);
    }

    /// <summary>Looks for as long as the guest has patience, and jumps to <paramref name="found"/>. Uses RAX, RCX, RDX,
    /// R8, and what <paramref name="look"/> uses but RCX.</summary>
    internal void EmitLooking(Action<Label> look, Label found)
    {
        if (_ticks == 0)
        {
            return;
        }

        Label spin = _asm.CreateLabel();
        Label success = _asm.CreateLabel();
        Label over = _asm.CreateLabel();
        EmitReadTicks();
        _asm.mov(__qword_ptr[rbp + ControlBlock.WaitFrom], rax);
        _asm.cmp(__qword_ptr[rbp + ControlBlock.WaitsToSleep], 0);
        _asm.jne(over);
        EmitAssist();
        _asm.mov(rcx, _ticks);
        _asm.Label(ref spin);
        look(success);
        _asm.cmp(__qword_ptr[rbp + ControlBlock.Stop], 0);
        _asm.jne(over);
        _asm.pause();
        EmitReadTicks();
        _asm.sub(rax, __qword_ptr[rbp + ControlBlock.WaitFrom]);
        _asm.cmp(rax, rcx);
        _asm.jb(spin);
        _asm.mov(rax, __qword_ptr[rbp + ControlBlock.LookedInVain]);
        _asm.lea(rax, __[rax + rax + 1]);
        _asm.and(eax, MostWaitsToSleep);
        _asm.mov(__qword_ptr[rbp + ControlBlock.LookedInVain], rax);
        _asm.mov(__qword_ptr[rbp + ControlBlock.WaitsToSleep], rax);
        _asm.jmp(over);
        _asm.Label(ref success);
        _asm.shr(__qword_ptr[rbp + ControlBlock.LookedInVain], 1);
        _asm.jmp(found);
        _asm.Label(ref over);
    }

    /// <summary>After a sleep: a wait that was no longer than the patience counts. Uses RAX, RCX, RDX.</summary>
    internal void EmitLearn()
    {
        if (_ticks == 0)
        {
            return;
        }

        Label longer = _asm.CreateLabel();
        EmitReadTicks();
        _asm.sub(rax, __qword_ptr[rbp + ControlBlock.WaitFrom]);
        _asm.mov(rcx, _ticks);
        _asm.cmp(rax, rcx);
        _asm.ja(longer);
        _asm.mov(rax, __qword_ptr[rbp + ControlBlock.WaitsToSleep]);
        _asm.sub(rax, 1);
        _asm.jb(longer);
        _asm.mov(__qword_ptr[rbp + ControlBlock.WaitsToSleep], rax);
        _asm.Label(ref longer);
        _asm.nop();
    }

    /// <summary>An exit on which the VMM does the host's pending work and lets the guest go on, if there is any. What a
    /// guest has sent and nobody has taken would lie there while it looks for the answer: its thread is the one that
    /// need not be woken for it. Uses RAX, RDX, R8.</summary>
    internal void EmitAssist()
    {
        Label pending = _asm.CreateLabel();
        Label none = _asm.CreateLabel();
        foreach (GuestRing ring in _image.Rings.Where(ring => ring.Direction == RingDirection.Tx))
        {
            _asm.mov(rdx, ring.Entry);
            _asm.mov(r8, __qword_ptr[rdx + RingEntry.Ktoa]);
            _asm.mov(eax, __dword_ptr[r8 + CsbKtoa.HwCurOffset]);
            _asm.cmp(eax, __dword_ptr[rdx + RingEntry.Head]);
            _asm.jne(pending);
        }

        _asm.jmp(none);
        _asm.Label(ref pending);
        _asm.mov(edx, GuestMap.AssistPort);
        _asm.@out(dx, eax);
        _asm.Label(ref none);
        _asm.nop();
    }

    private void EmitReadTicks()
    {
        _asm.rdtsc();
        _asm.shl(rdx, 32);
        _asm.or(rax, rdx);
    }
}
