using CsCheck;
using Ptnetmap.Memory;

namespace Ptnetmap.Tests.Memory;

public sealed class RingViewTests : IDisposable
{
    private const uint MostSlots = 16384;

    private readonly MemoryRegion _region = Regions.Create(slots: (int)MostSlots);

    public void Dispose() => _region.Dispose();

    [Fact]
    public void Positions_go_around_as_numbers_modulo_the_slots_do() =>
        Cases().Sample((slots, a, b) =>
        {
            RingView ring = Ring(slots);
            uint from = a % slots;
            uint to = b % slots;
            Assert.Equal((from + 1) % slots, ring.Next(from));
            Assert.Equal((from + to) % slots, ring.Advance(from, to));
            Assert.Equal(from, ring.Advance(from, slots));
            Assert.Equal((to + slots - from) % slots, ring.Distance(from, to));
            Assert.Equal(to, ring.Advance(from, ring.Distance(from, to)));
        });

    [Fact]
    public void A_run_is_cut_at_the_end_of_the_ring() =>
        Cases().Sample((slots, a, count) =>
        {
            RingView ring = Ring(slots);
            uint start = a % slots;
            Span<NetmapSlot> run = ring.Run(start, count);
            Assert.Equal((int)Math.Min(count, slots - start), run.Length);
            Assert.True(run.IsEmpty || run.Overlaps(ring.Slots[(int)start..], out int offset) && offset == 0);
        });

    [Fact]
    public void No_slot_outside_is_reachable_though_the_shared_count_lies()
    {
        RingView ring = Ring(64);
        ring.Header.SlotCount = uint.MaxValue;
        Assert.Equal((64u, 64), (ring.SlotCount, ring.Slots.Length));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => Ring(64).Run(65, 1).Length);
    }

    [Fact]
    public void There_is_no_ring_outside_the_pool()
    {
        PoolLayout pool = _region.Layout.Rings;
        foreach ((long offset, uint slots) in ((long, uint)[])
            [
                (pool.Offset - pool.ObjectSize, 64), (pool.Offset + 64, 64), (pool.End, 64), (-1, 64),
                (long.MaxValue, 64),
                (long.MinValue, 64), (pool.Offset, 0), (pool.Offset, MostSlots + 1), (pool.Offset, uint.MaxValue),
            ])
        {
            _ = Assert.Throws<ArgumentOutOfRangeException>(() => _region.RingAt(offset, slots).SlotCount);
        }
    }

    [Fact]
    public void There_is_no_interface_outside_the_pool()
    {
        PoolLayout pool = _region.Layout.Interfaces;
        foreach (long offset in (long[])[-pool.ObjectSize, 8, pool.End, long.MaxValue, long.MinValue])
        {
            _ = Assert.Throws<ArgumentOutOfRangeException>(() => _region.InterfaceAt(offset).MaxOffsets);
        }

        InterfaceView view = _region.InterfaceAt(0);
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => _region.InterfaceAt(0).GetRingOffset(-1));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => _region.InterfaceAt(0).GetRingOffset(view.MaxOffsets));
    }

    [Fact]
    public void A_slot_word_is_its_parts() =>
        Gen.Select(Gen.UInt, Gen.UShort, Gen.UShort, Gen.UInt).Sample((index, length, flags, other) =>
        {
            NetmapSlot slot = new() { BufferIndex = index, Length = length, Flags = (SlotFlags)flags };
            SlotWord word = slot.Word;
            Assert.Equal((index, length, (SlotFlags)flags), (word.BufferIndex, word.Length, word.Flags));
            Assert.Equal(flags >> 8, word.HighByte);
            Assert.Equal(word.Value, new SlotWord(index, length, (SlotFlags)flags).Value);
            Assert.Equal((flags & 0x20) != 0, word.Has(SlotFlags.MoreFragments));
            Assert.Equal(new SlotWord(other, length, (SlotFlags)(flags | 1)).Value, word.WithBuffer(other).Value);
        });

    // Ring sizes of every kind, not only powers of two, and positions that are often at the edges.
    private static Gen<(uint Slots, uint A, uint B)> Cases() =>
        Gen.UInt[64, MostSlots].SelectMany(slots =>
            Gen.Select(Gen.Const(slots), Position(slots), Position(slots)));

    private static Gen<uint> Position(uint slots) =>
        Gen.OneOf(Gen.UInt[0, slots], Gen.UInt[slots - 2, slots], Gen.UInt[0, 2]);

    private RingView Ring(uint slots) => _region.RingAt(_region.Layout.Rings.Offset, slots);
}
