using Iced.Intel;
using Ptnetmap.MicroVm.Image;
using Ptnetmap.Traffic;
using static Iced.Intel.AssemblerRegisters;

namespace Ptnetmap.MicroVm.Assembly;

/// <summary>Sends to several destinations in turn. A table has what changes from the frame after a turn to the first
/// one of the next turn, an entry a destination: the address, and the numbers, which begin anew for all but the first
/// destination. A frame costs one more decrement, and a turn's end four additions.
/// <code>
///  0                          32                   64        72                  80 ... 128
///  | words 0 to 3 of a frame | words 4 to 7       | pattern | linear checksum   |
/// </code></summary>
internal sealed class TurnEmitter
{
    private const int EntrySize = 128;
    private const int PatternOffset = 64;
    private const int LinearOffset = 72;
    private const int VectorBytes = 32;

    private readonly Assembler _asm;
    private readonly int _turn;
    private readonly MacAddress[] _destinations;

    internal TurnEmitter(Assembler asm, TrafficSpec traffic)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(traffic.Turn, 1, nameof(traffic));
        _asm = asm;
        _turn = traffic.Turn;
        _destinations = [traffic.Destination, .. traffic.MoreDestinations];
        if (_destinations.Length > GuestMap.TurnTableSize / EntrySize)
        {
            throw new ArgumentException(
                $"{_destinations.Length} destinations, at most {GuestMap.TurnTableSize / EntrySize}", nameof(traffic));
        }
    }

    private static ulong Table => GuestMap.TurnTable;

    /// <summary>Writes the table, and lets each of <paramref name="rings"/> begin with the first destination, as
    /// <see cref="FrameEmitter.Initialise"/> does.</summary>
    internal void Initialise(GuestImage image, IReadOnlyList<GuestRing> rings)
    {
        GuestMemory memory = image.Memory;
        for (int i = 0; i < _destinations.Length; i++)
        {
            ulong entry = Table + (ulong)(i * EntrySize);
            bool last = i == _destinations.Length - 1;
            ulong address = _destinations[last ? 0 : i + 1].Value - _destinations[i].Value;
            ulong back = last ? 0 : unchecked((ulong)-_turn);
            memory.Word(entry) = address;
            memory.Word(entry + TestFrame.SequenceOffset) = back;
            for (ulong word = 0; word < VectorBytes; word += sizeof(ulong))
            {
                memory.Word(entry + VectorBytes + word) = unchecked(back * TestFrame.PatternStep);
            }

            memory.Word(entry + PatternOffset) = unchecked(back * TestFrame.PatternStep);
            memory.Word(entry + LinearOffset) =
                unchecked(address + (back * memory.Control(ControlBlock.LinearStep)));
        }

        foreach (GuestRing ring in rings)
        {
            memory.Word(ring.Entry + RingEntry.TurnAt) = Table;
            memory.Word32(ring.Entry + RingEntry.TurnLeft) = (uint)_turn;
        }
    }

    /// <summary>After each frame of ring RBX: goes on to the next destination when the turn is over. What the next
    /// frame is made of is where <see cref="FrameEmitter"/> keeps it. Uses RCX, RDX.</summary>
    internal void EmitNext()
    {
        if (_destinations.Length == 1)
        {
            return;
        }

        Label go = _asm.CreateLabel();
        Label inside = _asm.CreateLabel();
        _asm.dec(__dword_ptr[rbx + RingEntry.TurnLeft]);
        _asm.jnz(go);
        _asm.mov(__dword_ptr[rbx + RingEntry.TurnLeft], _turn);
        _asm.mov(rcx, __qword_ptr[rbx + RingEntry.TurnAt]);
        _asm.vpaddq(ymm0, ymm0, __ymmword_ptr[rcx]);
        _asm.vpaddq(ymm1, ymm1, __ymmword_ptr[rcx + VectorBytes]);
        _asm.add(r12, __qword_ptr[rcx + PatternOffset]);
        _asm.add(r13, __qword_ptr[rcx + LinearOffset]);
        _asm.add(rcx, EntrySize);
        _asm.mov(rdx, Table + (ulong)(_destinations.Length * EntrySize));
        _asm.cmp(rcx, rdx);
        _asm.jb(inside);
        _asm.mov(rcx, Table);
        _asm.Label(ref inside);
        _asm.mov(__qword_ptr[rbx + RingEntry.TurnAt], rcx);
        _asm.Label(ref go);
    }
}
