using Ptnetmap.Memory;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.HostPorts;

/// <summary>The oldest packet of a transmit ring that has not been sent: its slots, each read once and checked. One for
/// each ring, used again for every packet.</summary>
internal sealed class TxPacket
{
    /// <summary>The most slots of a packet (<c>NM_MAX_FRAGS</c> is 64).</summary>
    internal const int MaxSlots = 64;


    private readonly SlotWord[] _words = new SlotWord[MaxSlots];
    private bool _skipping;
    private int _shortest;

    /// <summary>Slots that it takes in the ring.</summary>
    internal uint Slots { get; private set; }

    /// <summary>Its bytes.</summary>
    internal int Bytes { get; private set; }

    /// <summary>Why it cannot be sent; null when it can.</summary>
    internal DropReason? Refusal { get; private set; }

    /// <summary>True when these are slots of a packet that was refused before, and is counted.</summary>
    internal bool IsRest { get; private set; }

    /// <summary>Its pieces, in order; only when it is not refused.</summary>
    internal ReadOnlySpan<SlotWord> Words => _words.AsSpan(0, (int)Slots);

    /// <summary>Looks at the next packet of <paramref name="tx"/>.</summary>
    /// <param name="tx">The ring.</param>
    /// <param name="vnetHeader">Bytes of virtio-net header before the frame.</param>
    /// <returns>False when its end is not there yet.</returns>
    internal bool TryTake(Kring tx, int vnetHeader = 0)
    {
        _shortest = Ethernet.HeaderLength + vnetHeader;
        uint pending = Math.Min(tx.Pending, MaxSlots);
        IsRest = _skipping;
        Refusal = _skipping ? DropReason.TooManyFragments : null;
        Bytes = 0;
        uint at = tx.HwCur;
        for (uint i = 0; i < pending; i++)
        {
            SlotWord word = tx.Ring.Slots[(int)at].Word;
            at = tx.Ring.Next(at);
            _words[i] = word;
            Bytes += word.Length;
            Refusal ??= RefusalOf(tx.Buffers, word);
            if (!word.Has(SlotFlags.MoreFragments))
            {
                return Finish(i + 1, ended: true);
            }
        }

        // A packet that is too long, or fills the whole ring without an end, never comes to an end that we could send.
        if (pending == MaxSlots || tx.Pending == tx.SlotCount - 1 || (_skipping && pending != 0))
        {
            Refusal = DropReason.TooManyFragments;
            return Finish(pending, ended: false);
        }

        return false;
    }

    private static DropReason? RefusalOf(BufferPoolView buffers, SlotWord word) =>
        !buffers.IsValid(word.BufferIndex) ? DropReason.BadBufferIndex
        : word.Length > buffers.BufferSize ? DropReason.BadLength
        : word.Has(SlotFlags.Indirect) ? DropReason.UnsupportedFlag
        : null;

    private bool Finish(uint slots, bool ended)
    {
        Slots = slots;
        _skipping = !ended;
        if (Bytes < _shortest)
        {
            Refusal ??= DropReason.Runt;
        }

        return true;
    }
}
