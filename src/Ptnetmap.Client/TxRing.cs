using System.Runtime.CompilerServices;
using Ptnetmap.Memory;

namespace Ptnetmap.Client;

/// <summary>A transmit ring: get space, write frames, advance, publish.
/// <code>
/// Span&lt;NetmapSlot&gt; slots = tx.FreeSlots();      // up to the ring's end
/// ... tx.Buffers[slots[i].BufferIndex], slots[i].Word = ...
/// tx.Advance(n);
/// tx.Publish();                                // one kick a batch at most
/// </code></summary>
public sealed class TxRing : GuestRing
{
    internal TxRing(GuestChannel channel, int index, int csbIndex, RingView view, IdleStrategy idle)
        : base(channel, index, csbIndex, view, idle)
    {
    }

    /// <summary>Free slots, as of the last look (<see cref="GuestRing.Refresh"/>).</summary>
    public uint Space => Ready;

    /// <summary>The free slots up to the ring's end. Empty when there are none, as of the last look.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<NetmapSlot> FreeSlots() => Run();

    /// <summary>The buffer of free slot <paramref name="index"/>, counted from the head and around the ring's end. A
    /// slot whose buffer index a pipe partner has scribbled over has none: the span is empty then.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not that many free slots.</exception>
    public Span<byte> Frame(uint index)
    {
        uint buffer = SlotAt(index).Word.BufferIndex;
        return Buffers.IsValid(buffer) ? Buffers[buffer] : [];
    }

    /// <summary>Sets the length in bytes and the flags of free slot <paramref name="index"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not that many free slots, or the length is more than a
    /// buffer holds.</exception>
    public void SetLength(uint index, int length, SlotFlags flags = SlotFlags.None)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, Buffers.BufferSize, nameof(length));
        ref NetmapSlot slot = ref SlotAt(index);
        slot.Word = new SlotWord(slot.Word.BufferIndex, (ushort)length, flags);
    }

    /// <summary>The first <paramref name="count"/> free slots are filled; they go with the next publication.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not that many free slots.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(uint count) => MoveHead(count);

    /// <summary>Publishes, then looks for space.</summary>
    /// <returns>Free slots.</returns>
    public uint TxSync() => Sync();

    /// <summary>Publishes, then waits until there is a free slot.</summary>
    /// <returns>False when the time ran out; also when <see cref="GuestChannel.Wake"/> or a signal ended the wait
    /// early.</returns>
    public bool WaitForSpace(TimeSpan timeout) => RingWait.ForAny([this], timeout);

    /// <summary>Publishes, then waits until there are <paramref name="slots"/> free slots: for a packet that needs so
    /// many.</summary>
    /// <param name="slots">Fewer than the ring has.</param>
    /// <param name="timeout">How long at most.</param>
    /// <returns>False when there are fewer: the time ran out, or some came back and it is worth waiting on.</returns>
    public bool WaitForSpace(uint slots, TimeSpan timeout) => RingWait.ForMore(this, slots, timeout);
}
