using Ptnetmap.Memory;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Ports.Switching;

/// <summary>Writes frames piece by piece into receive slots that were claimed, each buffer filled before the next.</summary>
internal ref struct FrameWriter
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

    /// <summary>Writes from slot <paramref name="start"/> on.</summary>
    public FrameWriter(Kring rx, uint start)
    {
        _rx = rx;
        _buffers = rx.Buffers;
        _slots = rx.Ring.Slots;
        _at = start;
    }

    /// <summary>Slots for a frame of <paramref name="length"/> bytes.</summary>
    public static uint SlotsFor(long length, uint bufferSize) => (uint)Math.Max(1, (length + bufferSize - 1) / bufferSize);

    /// <summary>Begins a frame of <paramref name="length"/> bytes.</summary>
    public void Begin(long length)
    {
        _first = _at;
        _count = SlotsFor(length, _buffers.BufferSize);
        _left = _count;
        _spoiled = false;
        Open();
    }

    /// <summary>Appends to the frame; in all, its pieces are as long as it was said to be.</summary>
    public void Write(scoped ReadOnlySpan<byte> piece)
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
            Close();
            Open();
        }
    }

    /// <summary>Ends the frame.</summary>
    /// <returns>False when the receiver has spoiled one of its slots: they are empty then.</returns>
    public bool End()
    {
        if (!_spoiled)
        {
            Close();
            return true;
        }

        FragmentDelivery.Blank(_rx, _first, _count);
        _at = _rx.Ring.Advance(_first, _count);
        return false;
    }

    private void Open()
    {
        // Read once: the receiver may write to it at any time.
        _index = _slots[(int)_at].Word.BufferIndex;
        _spoiled = !_buffers.IsValid(_index);
        _room = _spoiled ? default : _buffers[_index];
    }

    private void Close()
    {
        _left--;
        SlotFlags more = _left == 0 ? SlotFlags.None : SlotFlags.MoreFragments;
        ushort length = (ushort)(_buffers.BufferSize - (uint)_room.Length);
        _slots[(int)_at].Word = new SlotWord(_index, length, (SlotFlags)(_count << 8) | more);
        _at = _rx.Ring.Next(_at);
    }
}
