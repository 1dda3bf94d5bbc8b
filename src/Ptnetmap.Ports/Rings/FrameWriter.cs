using System.Diagnostics;
using Ptnetmap.Memory;

namespace Ptnetmap.Ports.Rings;

/// <summary>Lays packets into receive slots that are the writer's, piece by piece, each buffer filled before the next.
/// A packet of which the receiver has spoiled a slot (it overwrote the buffer index of one that was not its own)
/// becomes empty slots: the others' order stays, and no other memory is touched.</summary>
public ref struct FrameWriter
{
    private readonly Kring _rx;
    private readonly BufferPoolView _buffers;
    private readonly Span<NetmapSlot> _slots;
    private uint _first;
    private uint _at;
    private uint _count;
    private uint _left;
    private uint _index;
    private Span<byte> _room;
    private bool _spoiled;

    internal FrameWriter(Kring rx, uint start)
    {
        _rx = rx;
        _buffers = rx.Buffers;
        _slots = rx.Ring.Slots;
        _at = start;
    }

    /// <summary>Slots for a frame of <paramref name="length"/> bytes.</summary>
    public static uint SlotsFor(long length, uint bufferSize) =>
        (uint)Math.Max(1, (length + bufferSize - 1) / bufferSize);

    /// <summary>Puts a frame into a ring with a single sender, and counts it. The caller holds the ring, and has seen
    /// that there are <see cref="SlotsFor"/> slots free.</summary>
    /// <returns>False when the receiver has spoiled one of the slots: it gets them empty, and the violation is
    /// counted.</returns>
    public static bool TryPut(Kring rx, ReadOnlySpan<byte> frame)
    {
        uint slots = SlotsFor(frame.Length, rx.Buffers.BufferSize);
        var writer = new FrameWriter(rx, rx.Claimed);
        writer.Begin(slots);
        writer.Write(frame);
        bool arrived = writer.End();
        rx.Fill(slots, slots);
        rx.Counters.Packets += arrived ? 1 : 0;
        rx.Counters.Bytes += arrived ? frame.Length : 0;
        rx.Counters.AddSpoiled(arrived ? 0 : 1);
        return arrived;
    }

    internal void Begin(uint slots)
    {
        Debug.Assert(slots is >= 1 and <= NetmapAbi.MaxFragments && _room.IsEmpty, "the packet before has ended");
        _first = _at;
        _count = slots;
        _left = slots;
        Open();
    }

    /// <summary>Appends to the packet; in all, its pieces take as many slots as it was said to have.</summary>
    internal void Write(scoped ReadOnlySpan<byte> piece)
    {
        while (!_spoiled)
        {
            if (piece.Length <= _room.Length)
            {
                piece.CopyTo(_room);
                _room = _room[piece.Length..];
                return;
            }

            piece[.._room.Length].CopyTo(_room);
            piece = piece[_room.Length..];
            _room = default;
            Break();
        }
    }

    /// <summary>What comes next begins with a slot of its own.</summary>
    internal void Break()
    {
        if (!_spoiled)
        {
            Close();
            Open();
        }
    }

    /// <summary>Ends the packet.</summary>
    /// <returns>False when the receiver has spoiled one of its slots: they are empty then.</returns>
    internal bool End()
    {
        if (!_spoiled)
        {
            Close();
            Debug.Assert(_left == 0, "a packet has as many slots as it was said to have");
            _room = default;
            return true;
        }

        _rx.Blank(_first, _count);
        _at = _rx.Ring.Advance(_first, _count);
        return false;
    }

    private void Open()
    {
        Debug.Assert(_left != 0, "a packet has no more slots than it was said to have");

        // Read once: the receiver may write to it at any time.
        _index = _slots[(int)_at].Word.BufferIndex;
        _spoiled = !_buffers.IsValid(_index);
        _room = _spoiled ? default : _buffers[_index];
    }

    private void Close()
    {
        _left--;
        uint length = _buffers.BufferSize - (uint)_room.Length;
        _slots[(int)_at].Word = SlotWord.Received(_index, length, _count, isLast: _left == 0);
        _at = _rx.Ring.Next(_at);
    }
}
