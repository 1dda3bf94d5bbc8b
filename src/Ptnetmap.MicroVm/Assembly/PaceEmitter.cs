using Iced.Intel;
using Ptnetmap.MicroVm.Image;
using static Iced.Intel.AssemblerRegisters;

namespace Ptnetmap.MicroVm.Assembly;

/// <summary>Sends a number of packets a second: each burst is due when the one before has had its time. Time that was
/// missed is made up for, up to a millisecond of it.</summary>
internal sealed class PaceEmitter
{
    // A timed sleep costs an exit and a timer, some 50 us under a software hypervisor; shorter gaps are spun through.
    private const long ShortestSleepMicroseconds = 100;
    private const long SleepOverheadMicroseconds = 50;
    private const long MostBehindMicroseconds = 1000;
    private const long BurstsPerSecond = 10_000;
    private const int FractionBits = 8;

    private readonly Assembler _asm;
    private readonly long _kilohertz;
    private readonly long _rate;

    internal PaceEmitter(Assembler asm, long rate, int burst, int tscKilohertz)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rate);
        _asm = asm;
        _rate = rate;
        _kilohertz = tscKilohertz;
        Burst = rate == 0 ? burst : (int)Math.Clamp(rate / BurstsPerSecond, 1, burst);
        if (rate > 0 && tscKilohertz == 0)
        {
            throw new ArgumentException(
                "a rate needs the frequency of the time-stamp counter, which KVM does not tell here");
        }
    }

    internal int Burst { get; }

    /// <summary>Waits until the next burst is due, or jumps to <paramref name="finish"/> when the guest is to stop.
    /// Uses RAX, RCX, RDX.</summary>
    internal void EmitWaitUntilDue(Label finish)
    {
        if (_rate == 0)
        {
            return;
        }

        Label look = _asm.CreateLabel();
        Label spin = _asm.CreateLabel();
        Label due = _asm.CreateLabel();
        Label recent = _asm.CreateLabel();
        _asm.Label(ref look);
        _asm.cmp(__qword_ptr[rbp + ControlBlock.Stop], 0);
        _asm.jne(finish);
        _asm.rdtsc();
        _asm.shl(rdx, 32);
        _asm.or(rax, rdx);
        _asm.mov(rcx, __qword_ptr[rbp + ControlBlock.NextDue]);
        _asm.sub(rcx, rax);
        _asm.jle(due);
        _asm.cmp(rcx, Ticks(ShortestSleepMicroseconds));
        _asm.jb(spin);
        _asm.sub(rcx, Ticks(SleepOverheadMicroseconds));
        _asm.mov(__qword_ptr[rbp + ControlBlock.SleepTicks], rcx);
        _asm.mov(__qword_ptr[rbp + ControlBlock.SleepMask], 0);
        _asm.mov(edx, GuestMap.SleepPort);
        _asm.@out(dx, eax);
        _asm.jmp(look);
        _asm.Label(ref spin);
        _asm.pause();
        _asm.jmp(look);
        _asm.Label(ref due);
        _asm.sub(rax, Ticks(MostBehindMicroseconds));
        _asm.cmp(rax, __qword_ptr[rbp + ControlBlock.NextDue]);
        _asm.jle(recent);
        _asm.mov(__qword_ptr[rbp + ControlBlock.NextDue], rax);
        _asm.Label(ref recent);
    }

    /// <summary>Moves the next burst's time on by that of RAX packets. Uses RCX.</summary>
    internal void EmitCharge()
    {
        if (_rate == 0)
        {
            return;
        }

        double ticksAPacket = _kilohertz * 1000.0 / _rate;
        _asm.mov(rcx, (long)Math.Round(ticksAPacket * (1 << FractionBits)));
        _asm.imul(rcx, rax);
        _asm.shr(rcx, FractionBits);
        _asm.add(__qword_ptr[rbp + ControlBlock.NextDue], rcx);
    }

    private int Ticks(long microseconds) => checked((int)(microseconds * _kilohertz / 1000));
}
