using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Ptnetmap.Memory;

/// <summary>A ring in shared memory. The slot count is the view's own copy and not the shared field, so a slot outside
/// the ring cannot be reached whatever the other side writes. Safe while the region's mapping lives and
/// <c>address .. address + 256 + 16 * slots</c> lies in it; only <see cref="MemoryRegion"/> makes views, and checks
/// that.</summary>
public readonly unsafe struct RingView
{
    private readonly byte* _base;

    internal RingView(byte* address, uint slots)
    {
        _base = address;
        SlotCount = slots;
    }

    /// <summary>Number of slots.</summary>
    public uint SlotCount { get; }

    /// <summary>The header, in shared memory.</summary>
    public ref NetmapRingHeader Header => ref *(NetmapRingHeader*)_base;

    /// <summary>All slots, in shared memory.</summary>
    public Span<NetmapSlot> Slots
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(_base + NetmapAbi.RingHeaderSize, (int)SlotCount);
    }

    /// <summary>The slots from <paramref name="start"/> up to <paramref name="count"/> of them, cut at the ring's
    /// end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<NetmapSlot> Run(uint start, uint count) =>
        Slots.Slice((int)start, (int)Math.Min(count, SlotCount - start));

    /// <summary>The slot after <paramref name="index"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Next(uint index) => index + 1 == SlotCount ? 0 : index + 1;

    /// <summary><paramref name="index"/> moved on by <paramref name="count"/>, which is at most the slot
    /// count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Advance(uint index, uint count)
    {
        Debug.Assert(index < SlotCount && count <= SlotCount, "once around at most");
        uint sum = index + count;
        return sum >= SlotCount ? sum - SlotCount : sum;
    }

    /// <summary>How far it is from <paramref name="from"/> to <paramref name="to"/>, going up and around.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Distance(uint from, uint to)
    {
        Debug.Assert(from < SlotCount && to < SlotCount, "both are slots of the ring");
        return to >= from ? to - from : to + SlotCount - from;
    }
}
