using Iced.Intel;
using Ptnetmap.MicroVm.Image;
using Ptnetmap.Traffic;
using static Iced.Intel.AssemblerRegisters;

namespace Ptnetmap.MicroVm.Assembly;

/// <summary>Checks frames and keeps the histogram.</summary>
internal sealed class CheckEmitter
{
    private const int HistoryBits = 64;
    private const int HistogramLinearBits = 6;

    private readonly Assembler _asm;

    internal CheckEmitter(Assembler asm) => _asm = asm;

    /// <summary>Checks the frame at R8, whose length is in ECX; one that is damaged is counted and goes to
    /// <paramref name="damaged"/>. Uses RAX, RCX, RDX, R9, R12 to R15.</summary>
    internal void EmitCheck(Label damaged)
    {
        Label bad = _asm.CreateLabel();
        Label good = _asm.CreateLabel();
        _asm.cmp(ecx, TestFrame.MinLength);
        _asm.jb(bad);
        _asm.cmp(ecx, r11d);
        _asm.ja(bad);
        _asm.cmp(__word_ptr[r8 + TestFrame.MagicOffset], TestFrame.Magic);
        _asm.jne(bad);
        EmitSum();
        _asm.mov(rdx, rax);
        _asm.shr(rdx, 32);
        _asm.add(edx, eax);
        _asm.cmp(edx, __dword_ptr[r8 + TestFrame.ChecksumOffset]);
        _asm.je(good);
        _asm.Label(ref bad);
        _asm.inc(__qword_ptr[rbp + ControlBlock.Damaged]);
        _asm.jmp(damaged);
        _asm.Label(ref good);
    }

    /// <summary>Follows the sequence of ring RBX with the good frame at R8. Uses RAX, RCX, RDX.</summary>
    internal void EmitSequence()
    {
        Label late = _asm.CreateLabel();
        Label far = _asm.CreateLabel();
        Label seen = _asm.CreateLabel();
        Label done = _asm.CreateLabel();
        _asm.mov(rax, __qword_ptr[r8 + TestFrame.SequenceOffset]);
        _asm.mov(rcx, rax);
        _asm.sub(rcx, __qword_ptr[rbx + RingEntry.Sequence]);
        _asm.jb(late);

        // In order, or RCX numbers were left out: the history moves on by RCX + 1.
        _asm.add(__qword_ptr[rbp + ControlBlock.Lost], rcx);
        _asm.inc(rax);
        _asm.mov(__qword_ptr[rbx + RingEntry.Sequence], rax);
        _asm.mov(rdx, __qword_ptr[rbx + RingEntry.Linear]);
        _asm.cmp(rcx, HistoryBits - 1);
        _asm.jae(far);
        _asm.shl(rdx, cl);
        _asm.lea(rdx, __[rdx + rdx + 1]);
        _asm.mov(__qword_ptr[rbx + RingEntry.Linear], rdx);
        _asm.jmp(done);
        _asm.Label(ref far);
        _asm.mov(__qword_ptr[rbx + RingEntry.Linear], 1);
        _asm.jmp(done);

        // Behind: number expected - 1 - n is bit n of the history.
        _asm.Label(ref late);
        _asm.not(rcx);
        _asm.cmp(rcx, HistoryBits);
        _asm.jae(seen);
        _asm.mov(rdx, __qword_ptr[rbx + RingEntry.Linear]);
        _asm.bts(rdx, rcx);
        _asm.jc(seen);
        _asm.mov(__qword_ptr[rbx + RingEntry.Linear], rdx);
        _asm.inc(__qword_ptr[rbp + ControlBlock.Reordered]);
        _asm.dec(__qword_ptr[rbp + ControlBlock.Lost]);
        _asm.jmp(done);
        _asm.Label(ref seen);
        _asm.inc(__qword_ptr[rbp + ControlBlock.Duplicated]);
        _asm.Label(ref done);
        _asm.nop();
    }

    /// <summary>Counts RAX in the histogram (the shape of <c>LatencyHistogram</c>); negative values count as 0. Uses
    /// RAX, RDX, R9, and keeps RCX.</summary>
    internal void EmitRecord()
    {
        Label positive = _asm.CreateLabel();
        _asm.mov(r9, rcx);
        _asm.test(rax, rax);
        _asm.jns(positive);
        _asm.xor(eax, eax);
        _asm.Label(ref positive);
        _asm.mov(rcx, rax);
        _asm.or(rcx, 1 << (HistogramLinearBits - 1));
        _asm.bsr(rcx, rcx);
        _asm.sub(ecx, HistogramLinearBits - 1);
        _asm.shr(rax, cl);
        _asm.shl(ecx, HistogramLinearBits - 1);
        _asm.add(rax, rcx);
        _asm.mov(rdx, GuestMap.Histogram);
        _asm.inc(__qword_ptr[rdx + (rax * 8)]);
        _asm.mov(rcx, r9);
    }

    // RAX = sum of the frame's words, without the checksum's field. RCX bytes at R8.
    private void EmitSum()
    {
        Label vectors = _asm.CreateLabel();
        Label words = _asm.CreateLabel();
        Label word = _asm.CreateLabel();
        Label tail = _asm.CreateLabel();
        Label done = _asm.CreateLabel();
        _asm.mov(edx, __dword_ptr[r8 + TestFrame.ChecksumOffset]);
        _asm.xor(eax, eax);
        _asm.sub(rax, rdx);
        _asm.mov(r9, r8);
        _asm.mov(r12d, ecx);
        _asm.and(r12d, -8);
        _asm.add(r12, r8);
        _asm.lea(r13, __[r12 - 64]);
        _asm.cmp(r9, r13);
        _asm.ja(words);
        _asm.vpxor(xmm0, xmm0, xmm0);
        _asm.vpxor(xmm1, xmm1, xmm1);
        _asm.Label(ref vectors);
        _asm.vpaddq(ymm0, ymm0, __ymmword_ptr[r9]);
        _asm.vpaddq(ymm1, ymm1, __ymmword_ptr[r9 + 32]);
        _asm.add(r9, 64);
        _asm.cmp(r9, r13);
        _asm.jbe(vectors);
        EmitAddLanes();
        _asm.Label(ref words);
        _asm.cmp(r9, r12);
        _asm.jae(tail);
        _asm.Label(ref word);
        _asm.add(rax, __qword_ptr[r9]);
        _asm.add(r9, 8);
        _asm.cmp(r9, r12);
        _asm.jb(word);
        _asm.Label(ref tail);
        _asm.and(ecx, 7);
        _asm.jz(done);
        _asm.mov(rdx, __qword_ptr[rbp + (rcx * 8) + ControlBlock.TailMasks]);
        _asm.and(rdx, __qword_ptr[r9]);
        _asm.add(rax, rdx);
        _asm.Label(ref done);
    }

    private void EmitAddLanes()
    {
        _asm.vpaddq(ymm0, ymm0, ymm1);
        _asm.vextracti128(xmm1, ymm0, 1);
        _asm.vpaddq(xmm0, xmm0, xmm1);
        _asm.vpextrq(rdx, xmm0, 1);
        _asm.add(rax, rdx);
        _asm.vmovq(rdx, xmm0);
        _asm.add(rax, rdx);
    }
}
