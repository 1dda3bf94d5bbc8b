using System.Runtime.CompilerServices;
using Ptnetmap.Memory;

namespace Ptnetmap.Client;

/// <summary>A receive ring: look, read, release, publish.
/// <code>
/// Span&lt;NetmapSlot&gt; slots = rx.Slots();          // up to the ring's end
/// ... rx.Buffers[slots[i].BufferIndex]
/// rx.Release(n);
/// rx.Publish();
/// </code></summary>
public sealed class RxRing : GuestRing
{
    internal RxRing(GuestChannel channel, int index, int csbIndex, RingView view, IdleStrategy idle)
        : base(channel, index, csbIndex, view, idle)
    {
    }

    /// <summary>Full slots, as of the last look (<see cref="GuestRing.Refresh"/>).</summary>
    public uint Available => Ready;

    /// <summary>The full slots up to the ring's end. Empty when there are none, as of the last look.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<NetmapSlot> Slots() => Run();

    /// <summary>What is in full slot <paramref name="index"/>, counted from the head and around the ring's end: a whole
    /// frame, or a fragment when <see cref="SlotFlags.MoreFragments"/> is set. Cut at the buffer's size, and empty when
    /// the slot names no buffer: a pipe partner may have scribbled over it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not that many full slots.</exception>
    public ReadOnlySpan<byte> Frame(uint index)
    {
        SlotWord word = SlotAt(index).Word;
        return Buffers.IsValid(word.BufferIndex)
            ? Buffers[word.BufferIndex][..(int)Math.Min(word.Length, Buffers.BufferSize)]
            : [];
    }

    /// <summary>The slot's index, length and flags, read at once.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not that many full slots.</exception>
    public SlotWord Slot(uint index) => SlotAt(index).Word;

    /// <summary>The first <paramref name="count"/> full slots are read; they go back with the next
    /// publication.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not that many full slots.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Release(uint count) => MoveHead(count);

    /// <summary>Gives released slots back, then looks for packets.</summary>
    /// <returns>Full slots.</returns>
    public uint RxSync() => Sync();

    /// <summary>Gives released slots back, then waits until there is a full one.</summary>
    /// <returns>False when the time ran out; also when <see cref="GuestChannel.Wake"/> or a signal ended the wait
    /// early.</returns>
    public bool WaitForPackets(TimeSpan timeout) => RingWait.ForAny([this], timeout);
}
