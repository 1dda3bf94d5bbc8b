using Iced.Intel;
using Ptnetmap.MicroVm.Image;
using Ptnetmap.Traffic;
using static Iced.Intel.AssemblerRegisters;

namespace Ptnetmap.MicroVm.Assembly;

/// <summary>Writes <see cref="TestFrame"/>s. State between two frames of a ring, in its table entry and during a run in
/// registers:
/// <code>
/// YMM0 words 0-3 (addresses, sequence)   YMM2 their step       R12 pattern          R15 its step
/// YMM1 words 4-7 (pattern)               YMM3 their step       R13 linear checksum  (its step: control block)
/// </code>
/// The checksum is linear in the sequence number except for the two words that are cut (the upper half of word 4 and
/// the frame's last word), so a frame costs two vector stores and some twenty simple instructions.</summary>
internal sealed class FrameEmitter
{
    private const int VectorBytes = 32;
    private const int UnrolledVectors = 8;
    private const ulong Word4Offset = unchecked(TestFrame.ChecksumOffset / sizeof(ulong) * TestFrame.WordStep);

    private readonly Assembler _asm;
    private readonly int _length;
    private readonly bool _timestamps;
    private readonly ulong _tailOffset;
    private readonly ulong _tailMask;

    internal FrameEmitter(Assembler asm, int length, bool timestamps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, TestFrame.MinLength);
        _asm = asm;
        _length = length;
        _timestamps = timestamps;
        _tailOffset = unchecked((ulong)(length / sizeof(ulong)) * TestFrame.WordStep);
        _tailMask = TestFrame.TailMask(length);
    }

    /// <summary>Sets a ring's first frame and the steps from frame to frame.</summary>
    internal void Initialise(GuestImage image, GuestRing ring, MacAddress destination, MacAddress source)
    {
        if (_length > ring.BufferSize)
        {
            throw new ArgumentException($"a frame of {_length} bytes does not fit in a buffer of {ring.BufferSize}");
        }

        GuestMemory memory = image.Memory;
        int end = _length / sizeof(ulong);
        int firstWhole = (TestFrame.ChecksumOffset / sizeof(ulong)) + 1;
        ulong first = TestFrame.FirstWord(destination, source);
        ulong second = TestFrame.SecondWord(source);
        ulong linear = first + second;
        for (int j = firstWhole; j < end; j++)
        {
            linear += unchecked((ulong)j * TestFrame.WordStep);
        }

        memory.Word(ring.Entry + RingEntry.Sequence) = 0;
        memory.Word(ring.Entry + RingEntry.Linear) = linear;
        memory.Word(ring.Entry + RingEntry.FrameHead) = first;
        memory.Word(ring.Entry + RingEntry.FrameHead + 8) = second;
        for (ulong j = 0; j < 4; j++)
        {
            memory.Word(ring.Entry + RingEntry.FramePattern + (8 * j)) = unchecked((j + 4) * TestFrame.WordStep);
            memory.Control(ControlBlock.PatternStep + (8 * (int)j)) = TestFrame.PatternStep;
            memory.Control(ControlBlock.GroupStep + (8 * (int)j)) = unchecked(4 * TestFrame.WordStep);
        }

        memory.Control(ControlBlock.HeadStep + 16) = 1;
        memory.Control(ControlBlock.LinearStep) = unchecked(1 + ((ulong)(end - firstWhole) * TestFrame.PatternStep));
    }

    /// <summary>Loads the state of ring RBX.</summary>
    internal void EmitLoad()
    {
        _asm.mov(r11d, __dword_ptr[rbx + RingEntry.BufferSize]);
        _asm.mov(r10, __qword_ptr[rbx + RingEntry.Buffers]);
        _asm.mov(r12, __qword_ptr[rbx + RingEntry.Sequence]);
        _asm.mov(r13, __qword_ptr[rbx + RingEntry.Linear]);
        _asm.mov(r15, TestFrame.PatternStep);
        _asm.mov(r14, Word4Offset);
        _asm.mov(r9, _tailOffset);
        _asm.vmovdqu(ymm0, __ymmword_ptr[rbx + RingEntry.FrameHead]);
        _asm.vmovdqu(ymm1, __ymmword_ptr[rbx + RingEntry.FramePattern]);
        _asm.vmovdqu(ymm2, __ymmword_ptr[rbp + ControlBlock.HeadStep]);
        _asm.vmovdqu(ymm3, __ymmword_ptr[rbp + ControlBlock.PatternStep]);
        _asm.vmovdqu(ymm4, __ymmword_ptr[rbp + ControlBlock.GroupStep]);
    }

    /// <summary>Stores the state of ring RBX.</summary>
    internal void EmitSave()
    {
        _asm.mov(__qword_ptr[rbx + RingEntry.Sequence], r12);
        _asm.mov(__qword_ptr[rbx + RingEntry.Linear], r13);
        _asm.vmovdqu(__ymmword_ptr[rbx + RingEntry.FrameHead], ymm0);
        _asm.vmovdqu(__ymmword_ptr[rbx + RingEntry.FramePattern], ymm1);
    }

    /// <summary>Writes the frame into the buffer whose index is in EAX, and goes on to the next. Uses RAX, RCX, RDX,
    /// R8. With time stamps, the stamp is in the control block.</summary>
    internal void EmitFrame()
    {
        _asm.imul(rax, r11);
        _asm.add(rax, r10);
        _asm.vmovdqu(__ymmword_ptr[rax], ymm0);
        _asm.vmovdqu(__ymmword_ptr[rax + VectorBytes], ymm1);
        EmitChecksum();
        EmitPayload();
        _asm.vpaddq(ymm0, ymm0, ymm2);
        _asm.vpaddq(ymm1, ymm1, ymm3);
        _asm.add(r12, r15);
        _asm.add(r13, __qword_ptr[rbp + ControlBlock.LinearStep]);
    }

    private void EmitChecksum()
    {
        _asm.lea(r8, __[r12 + r14]);
        _asm.shr(r8, 32);
        _asm.shl(r8, 32);
        _asm.add(r8, r13);
        if (_tailMask != 0)
        {
            _asm.lea(rdx, __[r12 + r9]);
            _asm.and(rdx, __qword_ptr[rbp + (ControlBlock.TailMasks + ((_length & 7) * sizeof(ulong)))]);
            _asm.add(r8, rdx);
        }

        if (_timestamps)
        {
            _asm.mov(rdx, __qword_ptr[rbp + ControlBlock.Stamp]);
            _asm.mov(__qword_ptr[rax + TestFrame.TimestampOffset], rdx);
            _asm.add(r8, rdx);
        }

        _asm.mov(rdx, r8);
        _asm.shr(rdx, 32);
        _asm.add(edx, r8d);
        _asm.mov(__dword_ptr[rax + TestFrame.ChecksumOffset], edx);
    }

    // Words 8 and on. The last vector may go beyond the frame, not beyond the buffer, which is a multiple of 64 bytes.
    private void EmitPayload()
    {
        int vectors = Math.Max(0, (_length - (2 * VectorBytes) + VectorBytes - 1) / VectorBytes);
        if (vectors == 0)
        {
            return;
        }

        _asm.vpaddq(ymm5, ymm1, ymm4);
        int rounds = vectors / UnrolledVectors;
        if (rounds > 0)
        {
            Label round = _asm.CreateLabel();
            _asm.mov(ecx, rounds);
            _asm.Label(ref round);
            EmitVectors(UnrolledVectors);
            _asm.add(rax, UnrolledVectors * VectorBytes);
            _asm.dec(ecx);
            _asm.jnz(round);
        }

        EmitVectors(vectors % UnrolledVectors);
    }

    private void EmitVectors(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _asm.vmovdqu(__ymmword_ptr[rax + ((2 + i) * VectorBytes)], ymm5);
            _asm.vpaddq(ymm5, ymm5, ymm4);
        }
    }
}
