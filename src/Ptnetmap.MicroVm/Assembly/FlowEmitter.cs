using Iced.Intel;
using Ptnetmap.MicroVm.Image;
using Ptnetmap.MicroVm.Programs;
using static Iced.Intel.AssemblerRegisters;

namespace Ptnetmap.MicroVm.Assembly;

/// <summary>Moves frames from receive rings to transmit rings: echo and forwarder. During a flow's turn R15 is the
/// receive ring's entry, R14 the transmit ring's.</summary>
internal sealed class FlowEmitter : Emitter
{
    private const int BufferChanged = (int)SlotFlags.BufferChanged;
    private const int BufferChangedBit = 48;
    private const int FlowSize = 16;

    private readonly int _burst;
    private readonly bool _swapAddresses;
    private readonly bool _copies;
    private readonly int _flows;

    internal FlowEmitter(
        GuestImage image, MicroVmProgram program, int burst, IEnumerable<Flow> flows, bool swapAddresses)
        : base(image, program)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(burst, 1);
        _burst = burst;
        _swapAddresses = swapAddresses;
        ulong address = GuestMap.FlowTable;
        foreach (Flow flow in flows)
        {
            image.Memory.Word(address) = flow.From.Entry;
            image.Memory.Word(address + sizeof(ulong)) = flow.To.Entry;
            _copies |= flow.From.Region != flow.To.Region;
            address += FlowSize;
            _flows++;
        }

        image.Memory.Control(ControlBlock.SlotMask) = new SlotWord(
            uint.MaxValue, ushort.MaxValue, SlotFlags.MoreFragments).Value;
    }

    protected override void EmitBody()
    {
        Label first = Asm.CreateLabel();
        Label loop = Asm.CreateLabel();
        Label full = Asm.CreateLabel();
        Label idle = Asm.CreateLabel();
        Label next = Asm.CreateLabel();
        Asm.Label(ref first);
        Asm.mov(rax, GuestMap.FlowTable);
        Asm.mov(__qword_ptr[rbp + ControlBlock.Scratch], rax);
        Asm.mov(__qword_ptr[rbp + ControlBlock.WaitCount], 0);
        Asm.Label(ref loop);
        EmitStopCheck();
        EmitTurn(full, idle);
        Asm.jmp(next);
        Asm.Label(ref full);
        Asm.mov(rbx, r14);
        Asm.Label(ref idle);

        // RBX is what the flow waits for.
        Asm.mov(rcx, __qword_ptr[rbp + ControlBlock.WaitCount]);
        Asm.mov(rdx, GuestMap.WaitList);
        Asm.mov(__qword_ptr[rdx + (rcx * 8)], rbx);
        Asm.inc(__qword_ptr[rbp + ControlBlock.WaitCount]);
        Asm.Label(ref next);
        Asm.mov(rax, __qword_ptr[rbp + ControlBlock.Scratch]);
        Asm.add(rax, FlowSize);
        Asm.mov(__qword_ptr[rbp + ControlBlock.Scratch], rax);
        Asm.mov(rcx, GuestMap.FlowTable + (ulong)(_flows * FlowSize));
        Asm.cmp(rax, rcx);
        Asm.jb(loop);
        Asm.cmp(__qword_ptr[rbp + ControlBlock.WaitCount], _flows);
        Asm.jb(first);
        EmitWait();
        Asm.jmp(first);
    }

    private void EmitTurn(Label full, Label idle)
    {
        Asm.mov(rax, __qword_ptr[rbp + ControlBlock.Scratch]);
        Asm.mov(r15, __qword_ptr[rax]);
        Asm.mov(r14, __qword_ptr[rax + sizeof(ulong)]);
        Asm.mov(rbx, r15);
        EmitAvailable(_burst, idle);
        Asm.mov(r13d, eax);
        Asm.mov(rbx, r14);
        EmitAvailable(_burst, full);
        Asm.cmp(eax, r13d);
        Asm.cmova(eax, r13d);
        Asm.mov(__dword_ptr[r15 + RingEntry.Batch], eax);
        Asm.mov(__dword_ptr[r15 + RingEntry.Left], eax);
        EmitBothRuns();

        // The frames first, then the slots that they came in.
        Asm.mov(rbx, r14);
        EmitPublish();
        Asm.mov(rbx, r15);
        EmitPublish();
        EmitCountBatch();
        Asm.add(__qword_ptr[rbp + ControlBlock.Bytes], r12);
    }

    // EAX slots of both rings, at most to the nearer end at a time. Bytes in R12.
    private void EmitBothRuns()
    {
        Label again = Asm.CreateLabel();
        Label slot = Asm.CreateLabel();
        Asm.xor(r12d, r12d);
        Asm.mov(r10, __qword_ptr[r15 + RingEntry.Buffers]);
        Asm.mov(r11d, __dword_ptr[r15 + RingEntry.BufferSize]);
        Asm.Label(ref again);
        EmitRoomBehind(r15);
        EmitRoomBehind(r14);
        Asm.sub(__dword_ptr[r15 + RingEntry.Left], eax);
        Asm.mov(edi, __dword_ptr[r15 + RingEntry.Head]);
        Asm.shl(rdi, NetmapSlot.SizeShift);
        Asm.add(rdi, __qword_ptr[r15 + RingEntry.Slots]);
        Asm.mov(r9d, __dword_ptr[r14 + RingEntry.Head]);
        Asm.shl(r9, NetmapSlot.SizeShift);
        Asm.add(r9, __qword_ptr[r14 + RingEntry.Slots]);
        Asm.mov(esi, eax);
        Asm.shl(rsi, NetmapSlot.SizeShift);
        Asm.add(rsi, rdi);
        EmitAdvance(r15);
        EmitAdvance(r14);
        Asm.Label(ref slot);
        EmitSlot();
        Asm.add(r9, NetmapAbi.SlotSize);
        Asm.add(rdi, NetmapAbi.SlotSize);
        Asm.cmp(rdi, rsi);
        Asm.jne(slot);
        Asm.mov(eax, __dword_ptr[r15 + RingEntry.Left]);
        Asm.test(eax, eax);
        Asm.jnz(again);
    }

    // EAX = at most the slots from the head to the end of the ring.
    private void EmitRoomBehind(AssemblerRegister64 ring)
    {
        Asm.mov(edx, __dword_ptr[ring + RingEntry.SlotCount]);
        Asm.sub(edx, __dword_ptr[ring + RingEntry.Head]);
        Asm.cmp(eax, edx);
        Asm.cmova(eax, edx);
    }

    private void EmitAdvance(AssemblerRegister64 ring)
    {
        Label inside = Asm.CreateLabel();
        Asm.mov(edx, __dword_ptr[ring + RingEntry.Head]);
        Asm.add(edx, eax);
        Asm.cmp(edx, __dword_ptr[ring + RingEntry.SlotCount]);
        Asm.jb(inside);
        Asm.xor(edx, edx);
        Asm.Label(ref inside);
        Asm.mov(__dword_ptr[ring + RingEntry.Head], edx);
    }

    // RX slot at RDI, tx slot at R9.
    private void EmitSlot()
    {
        Asm.mov(rax, __qword_ptr[rdi]);
        Asm.mov(rcx, rax);
        Asm.shr(rcx, 32);
        Asm.movzx(ecx, cx);
        Asm.add(r12, rcx);
        if (_copies)
        {
            EmitCopy();
            return;
        }

        if (_swapAddresses)
        {
            EmitSwapAddresses();
        }

        Asm.mov(ecx, __dword_ptr[r9]);
        Asm.mov(__dword_ptr[rdi], ecx);
        Asm.mov(__word_ptr[rdi + NetmapSlot.FlagsOffset], BufferChanged);
        Asm.and(rax, __qword_ptr[rbp + ControlBlock.SlotMask]);
        Asm.bts(rax, BufferChangedBit);
        Asm.mov(__qword_ptr[r9], rax);
    }

    // Destination and source of the frame in buffer EAX: six bytes each, from its start.
    private void EmitSwapAddresses()
    {
        Asm.mov(r8d, eax);
        Asm.imul(r8, r11);
        Asm.add(r8, r10);
        Asm.mov(rcx, __qword_ptr[r8]);
        Asm.mov(edx, __dword_ptr[r8 + 8]);
        Asm.shl(rdx, 16);
        Asm.mov(rbx, rcx);
        Asm.shr(rbx, 48);
        Asm.or(rdx, rbx);
        Asm.mov(rbx, rcx);
        Asm.shl(rbx, 48);
        Asm.or(rdx, rbx);
        Asm.mov(__qword_ptr[r8], rdx);
        Asm.shr(rcx, 16);
        Asm.mov(__dword_ptr[r8 + 8], ecx);
    }

    // ECX bytes from buffer EAX of the one region to the tx slot's buffer of the other; no more than fit, and not a
    // byte of what stands behind the frame.
    private void EmitCopy()
    {
        Asm.push(rdi);
        Asm.push(rsi);
        Asm.mov(edx, __dword_ptr[r14 + RingEntry.BufferSize]);
        Asm.cmp(ecx, edx);
        Asm.cmova(ecx, edx);
        Asm.mov(esi, eax);
        Asm.imul(rsi, r11);
        Asm.add(rsi, r10);
        Asm.mov(edi, __dword_ptr[r9]);
        Asm.imul(rdi, rdx);
        Asm.add(rdi, __qword_ptr[r14 + RingEntry.Buffers]);
        Asm.shr(rax, 32);
        Asm.and(eax, (int)SlotFlags.MoreFragments << 16);
        Asm.or(eax, ecx);
        Asm.mov(__dword_ptr[r9 + NetmapSlot.LengthOffset], eax);
        Asm.rep.movsb();
        Asm.pop(rsi);
        Asm.pop(rdi);
    }
}
