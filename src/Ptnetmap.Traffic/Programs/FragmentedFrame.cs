using Ptnetmap.Memory;

namespace Ptnetmap.Traffic.Programs;

/// <summary>A frame of several slots that a receiver copies together as they come: the ring's end, or the end of what
/// has been shown so far, may lie between them.</summary>
internal sealed class FragmentedFrame
{
    // A frame of 65535 bytes, read in words of eight.
    private const int Capacity = 65_536;

    private byte[] _bytes = [];
    private int _length;
    private bool _begun;
    private bool _spoiled;

    /// <summary>True while its last slot has not come.</summary>
    internal bool IsOpen => _begun;

    /// <summary>The bytes so far, in a buffer as <see cref="TestFrame.TryRead"/> wants it.</summary>
    internal ReadOnlySpan<byte> Buffer => _bytes;

    /// <summary>How many those are.</summary>
    internal int Length => _length;

    /// <summary>True when a slot of it named no buffer: there is no frame then.</summary>
    internal bool IsSpoiled => _spoiled;

    /// <summary>Adds the next slot. What is longer than any frame is cut off, and so found to be damaged.</summary>
    /// <returns>True when it was the last one.</returns>
    internal bool Add(SlotWord word, BufferPoolView buffers)
    {
        if (!_begun)
        {
            _bytes = _bytes.Length == 0 ? new byte[Capacity] : _bytes;
            (_length, _begun, _spoiled) = (0, true, false);
        }

        _spoiled |= !buffers.IsValid(word);
        if (!_spoiled)
        {
            ReadOnlySpan<byte> fragment = buffers[word.BufferIndex][..Math.Min(word.Length, Capacity - _length)];
            fragment.CopyTo(_bytes.AsSpan(_length));
            _length += fragment.Length;
        }

        _begun = word.Has(SlotFlags.MoreFragments);
        return !_begun;
    }
}
