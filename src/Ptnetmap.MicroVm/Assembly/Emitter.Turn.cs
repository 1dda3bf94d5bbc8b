using Iced.Intel;
using Ptnetmap.MicroVm.Image;
using static Iced.Intel.AssemblerRegisters;

namespace Ptnetmap.MicroVm.Assembly;

/// <content>A ring's turn: what is available, contiguous runs of slots, publication.</content>
internal abstract partial class Emitter
{
    /// <summary>EAX = slots of ring RBX that the guest has, at most <paramref name="burst"/>; the host is asked anew
    /// when fewer than that are known. Jumps to <paramref name="empty"/> when there are none. Uses RCX, RDX,
    /// R8.</summary>
    protected void EmitAvailable(int burst, Label empty)
    {
        Label known = Asm.CreateLabel();
        Asm.mov(r8d, __dword_ptr[rbx + RingEntry.Head]);
        Asm.mov(eax, __dword_ptr[rbx + RingEntry.Tail]);
        EmitDistance();
        Asm.mov(ecx, burst);
        Asm.cmp(eax, ecx);
        Asm.jae(known);
        Asm.mov(rdx, __qword_ptr[rbx + RingEntry.Ktoa]);
        Asm.mov(eax, __dword_ptr[rdx + CsbKtoa.HwTailOffset]);
        Asm.mov(__dword_ptr[rbx + RingEntry.Tail], eax);
        EmitDistance();
        Asm.test(eax, eax);
        Asm.jz(empty);
        Asm.cmp(eax, ecx);
        Asm.Label(ref known);
        Asm.cmova(eax, ecx);
    }

    /// <summary>Goes through EAX slots of ring RBX, at most to the ring's end at a time. <paramref name="run"/> finds
    /// the first slot's address in RDI and the end's in RSI; it may use everything but RBX, RBP and RSP.</summary>
    protected void EmitRuns(Action run)
    {
        Label again = Asm.CreateLabel();
        Label inside = Asm.CreateLabel();
        Asm.mov(__dword_ptr[rbx + RingEntry.Batch], eax);
        Asm.mov(__dword_ptr[rbx + RingEntry.Left], eax);
        Asm.Label(ref again);
        Asm.mov(r8d, __dword_ptr[rbx + RingEntry.Head]);
        Asm.mov(ecx, __dword_ptr[rbx + RingEntry.SlotCount]);
        Asm.mov(edx, ecx);
        Asm.sub(edx, r8d);
        Asm.cmp(edx, eax);
        Asm.cmova(edx, eax);
        Asm.sub(__dword_ptr[rbx + RingEntry.Left], edx);
        Asm.mov(edi, r8d);
        Asm.shl(rdi, NetmapSlot.SizeShift);
        Asm.add(rdi, __qword_ptr[rbx + RingEntry.Slots]);
        Asm.mov(esi, edx);
        Asm.shl(rsi, NetmapSlot.SizeShift);
        Asm.add(rsi, rdi);
        Asm.add(r8d, edx);
        Asm.cmp(r8d, ecx);
        Asm.jb(inside);
        Asm.xor(r8d, r8d);
        Asm.Label(ref inside);
        Asm.mov(__dword_ptr[rbx + RingEntry.Head], r8d);
        run();
        Asm.mov(eax, __dword_ptr[rbx + RingEntry.Left]);
        Asm.test(eax, eax);
        Asm.jnz(again);
    }

    /// <summary>Publishes ring RBX's head and kicks if the host sleeps. x86 keeps the order of the stores; the fence
    /// keeps the look at the host's flag behind them. Uses RCX, RDX, R8.</summary>
    protected void EmitPublish()
    {
        Label noKick = Asm.CreateLabel();
        Asm.mov(rdx, __qword_ptr[rbx + RingEntry.Atok]);
        Asm.mov(r8d, __dword_ptr[rbx + RingEntry.Head]);
        Asm.mov(__dword_ptr[rdx + CsbAtok.CurOffset], r8d);
        Asm.mov(__dword_ptr[rdx + CsbAtok.HeadOffset], r8d);
        Asm.mfence();
        Asm.mov(rcx, __qword_ptr[rbx + RingEntry.Ktoa]);
        Asm.cmp(__dword_ptr[rcx + CsbKtoa.NeedKickOffset], 0);
        Asm.je(noKick);
        Asm.mov(edx, __dword_ptr[rbx + RingEntry.KickPort]);
        Asm.@out(dx, eax);
        Asm.inc(__qword_ptr[rbp + ControlBlock.Kicks]);
        Asm.Label(ref noKick);
    }

    /// <summary>Adds the turn's slots to the counters. Uses RAX.</summary>
    protected void EmitCountBatch()
    {
        Asm.mov(eax, __dword_ptr[rbx + RingEntry.Batch]);
        Asm.add(__qword_ptr[rbp + ControlBlock.Packets], rax);
        Asm.inc(__qword_ptr[rbp + ControlBlock.Batches]);
    }

    /// <summary>Leaves when a limited number of packets has been reached.</summary>
    protected void EmitLimitReached(bool limited)
    {
        if (limited)
        {
            Asm.cmp(__qword_ptr[rbp + ControlBlock.Remaining], 0);
            Asm.je(Finish);
        }
    }

    /// <summary>EAX = at most what is left of a limited number of packets. Uses RCX.</summary>
    protected void EmitLimit(bool limited)
    {
        if (!limited)
        {
            return;
        }

        Asm.mov(rcx, __qword_ptr[rbp + ControlBlock.Remaining]);
        Asm.cmp(rax, rcx);
        Asm.cmova(rax, rcx);
        Asm.sub(__qword_ptr[rbp + ControlBlock.Remaining], rax);
    }

    /// <summary>The loop over rings: <paramref name="turn"/> handles ring RBX and jumps to its argument when the ring
    /// has nothing. When all have nothing, the guest waits for any of them.</summary>
    protected void EmitRingLoop(IReadOnlyList<GuestRing> rings, Action<Label> turn)
    {
        SetWaitList(rings);
        Label first = Asm.CreateLabel();
        Label loop = Asm.CreateLabel();
        Label empty = Asm.CreateLabel();
        Label next = Asm.CreateLabel();
        Asm.Label(ref first);
        Asm.mov(rbx, rings[0].Entry);
        Asm.Label(ref loop);
        EmitStopCheck();
        turn(empty);
        Asm.mov(__qword_ptr[rbp + ControlBlock.IdleRings], 0);
        Asm.jmp(next);
        Asm.Label(ref empty);
        Asm.inc(__qword_ptr[rbp + ControlBlock.IdleRings]);
        Asm.cmp(__qword_ptr[rbp + ControlBlock.IdleRings], rings.Count);
        Asm.jb(next);
        Asm.mov(__qword_ptr[rbp + ControlBlock.IdleRings], 0);
        EmitWait();
        Asm.Label(ref next);
        Asm.add(rbx, RingEntry.Size);
        Asm.mov(rax, rings[^1].Entry);
        Asm.cmp(rbx, rax);
        Asm.jbe(loop);
        Asm.jmp(first);
    }

    // EAX = slots from R8D up to EAX, around the end of ring RBX.
    private void EmitDistance()
    {
        Label straight = Asm.CreateLabel();
        Asm.sub(eax, r8d);
        Asm.jns(straight);
        Asm.add(eax, __dword_ptr[rbx + RingEntry.SlotCount]);
        Asm.Label(ref straight);
    }
}
