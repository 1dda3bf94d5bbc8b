using Iced.Intel;
using Ptnetmap.MicroVm.Image;
using static Iced.Intel.AssemblerRegisters;

namespace Ptnetmap.MicroVm.Assembly;

/// <content>Waiting for the host: spin, arm, fence, look again, sleep.</content>
internal abstract partial class Emitter
{
    // Pauses of looking that are over before an exit would be.
    private const int ShortSpin = 100;

    /// <summary>Waits until a ring of the wait list has slots for the guest, or until something else woke it: the
    /// caller looks for itself. Uses RAX, RCX, RDX, RSI, RDI, R8, R9.</summary>
    protected void EmitWait() => Asm.call(_wait);

    private void EmitWaitRoutine()
    {
        Label done = Asm.CreateLabel();
        Asm.Label(ref _wait);
        Asm.inc(__qword_ptr[rbp + ControlBlock.Waits]);
        _patience.EmitLooking(EmitLook, done);
        EmitSpin(Math.Min(_program.SpinPauses, ShortSpin), done);
        if (_program.SpinPauses > ShortSpin)
        {
            _patience.EmitAssist();
            EmitSpin(_program.SpinPauses - ShortSpin, done);
        }

        EmitSleep(done);
        _patience.EmitLearn();
        Asm.Label(ref done);
        Asm.ret();
    }

    private void EmitSpin(int pauses, Label found)
    {
        if (pauses <= 0)
        {
            return;
        }

        Label spin = Asm.CreateLabel();
        Asm.mov(ecx, pauses);
        Asm.Label(ref spin);
        EmitLook(found);
        Asm.pause();
        Asm.dec(ecx);
        Asm.jnz(spin);
    }

    private void EmitSleep(Label stopped)
    {
        Label disarm = Asm.CreateLabel();
        Asm.cmp(__qword_ptr[rbp + ControlBlock.Stop], 0);
        Asm.jne(stopped);
        Asm.xor(r9d, r9d);
        EmitForEachWaiting(() =>
        {
            Asm.mov(r8, __qword_ptr[rdx + RingEntry.Atok]);
            Asm.mov(__dword_ptr[r8 + CsbAtok.NeedKickOffset], 1);
            Asm.or(r9, __qword_ptr[rdx + RingEntry.MaskBit]);
        });
        Asm.mfence();
        EmitLook(disarm);
        Asm.mov(__qword_ptr[rbp + ControlBlock.SleepMask], r9);
        Asm.mov(rax, __qword_ptr[rbp + ControlBlock.WaitTicks]);
        Asm.mov(__qword_ptr[rbp + ControlBlock.SleepTicks], rax);
        Asm.inc(__qword_ptr[rbp + ControlBlock.Sleeps]);
        EmitSleepExit();
        Asm.Label(ref disarm);
        EmitForEachWaiting(() =>
        {
            Asm.mov(r8, __qword_ptr[rdx + RingEntry.Atok]);
            Asm.mov(__dword_ptr[r8 + CsbAtok.NeedKickOffset], 0);
        });
    }

    // A ring has slots for the guest, to fill or to read, exactly when the host's tail is not the guest's head.
    private void EmitLook(Label found) => EmitForEachWaiting(() =>
    {
        Asm.mov(r8, __qword_ptr[rdx + RingEntry.Ktoa]);
        Asm.mov(eax, __dword_ptr[r8 + CsbKtoa.HwTailOffset]);
        Asm.cmp(eax, __dword_ptr[rdx + RingEntry.Head]);
        Asm.jne(found);
    });

    // RDX = each entry of the wait list in turn.
    private void EmitForEachWaiting(Action body)
    {
        Label next = Asm.CreateLabel();
        Asm.mov(rsi, GuestMap.WaitList);
        Asm.mov(edi, __dword_ptr[rbp + ControlBlock.WaitCount]);
        Asm.Label(ref next);
        Asm.mov(rdx, __qword_ptr[rsi]);
        body();
        Asm.add(rsi, sizeof(ulong));
        Asm.dec(edi);
        Asm.jnz(next);
    }
}
