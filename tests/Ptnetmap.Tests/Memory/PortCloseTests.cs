using System.Buffers.Binary;
using Ptnetmap.Memory;

namespace Ptnetmap.Tests.Memory;

/// <summary>Closing a port gives every buffer back, also those that came by swaps, whatever the guest has made of its
/// slots and of its list of extra buffers.</summary>
public class PortCloseTests
{
    private const int Slots = 64;

    [Fact]
    public void Opening_and_closing_10_000_times_with_swapped_buffers_loses_nothing()
    {
        using MemoryRegion region = Regions.Create(ports: 2, slots: Slots, extraBuffers: 8);
        uint all = region.BufferPool.Free;
        PortShape shape = PortShape.Symmetric(1, Slots);
        for (int round = 0; round < 10_000; round++)
        {
            PortMemory one = PortMemory.Open(region, "one", shape with { ExtraBuffers = 4 });
            PortMemory two = PortMemory.Open(region, "two", shape with { ExtraBuffers = 4 });
            Assert.Equal(all - (4 * Slots) - 8, region.BufferPool.Free);
            Swap(one.TxRings[0], two.RxRings[0], round % Slots);
            Swap(two.TxRings[0], one.RxRings[0], Slots - 1);

            // One of the two outlives the other, so that the reset by the region's last port hides nothing.
            (PortMemory first, PortMemory last) = round % 2 == 0 ? (one, two) : (two, one);
            first.Dispose();
            Assert.Equal(all - (2 * Slots) - 4, region.BufferPool.Free);
            last.Dispose();
            Assert.Equal((0, 0), (first.LostBuffers, last.LostBuffers));
        }

        Assert.Equal((all, 0), (region.BufferPool.Free, region.OpenPorts));
    }

    [Fact]
    public void Buffers_whose_slots_were_overwritten_are_counted_and_come_back_with_the_last_port()
    {
        using MemoryRegion region = Regions.Create(ports: 2, slots: Slots);
        uint all = region.BufferPool.Free;
        PortMemory steady = PortMemory.Open(region, "steady", PortShape.Symmetric(1, Slots));
        PortMemory bad = PortMemory.Open(region, "bad", PortShape.Symmetric(1, Slots));
        Span<NetmapSlot> slots = bad.TxRings[0].Slots;
        slots[0].BufferIndex = 0;
        slots[1].BufferIndex = 1;
        slots[2].BufferIndex = uint.MaxValue;
        slots[3].BufferIndex = region.Buffers.Count;
        slots[4].BufferIndex = slots[5].BufferIndex;
        bad.Dispose();
        Assert.Equal(5, bad.LostBuffers);
        Assert.Equal(all - (2 * Slots) - 5, region.BufferPool.Free);

        steady.Dispose();
        Assert.Equal((0, all), (steady.LostBuffers, region.BufferPool.Free));
    }

    [Fact]
    public void The_next_guest_finds_a_buffer_of_its_own_in_every_slot()
    {
        using MemoryRegion region = Regions.Create(ports: 1, slots: Slots);
        using PortMemory port = PortMemory.Open(region, "bad", PortShape.Symmetric(1, Slots));
        Span<NetmapSlot> slots = port.TxRings[0].Slots;
        slots[0].BufferIndex = 0;
        slots[1].BufferIndex = uint.MaxValue;
        slots[2].BufferIndex = port.RxRings[0].Slots[7].BufferIndex;
        Assert.Equal(0, port.Repair());
        var all = new HashSet<uint>();
        foreach (RingView ring in (RingView[])[port.TxRings[0], port.RxRings[0]])
        {
            foreach (NetmapSlot slot in ring.Slots)
            {
                Assert.True(region.Buffers.IsValid(slot.BufferIndex) && all.Add(slot.BufferIndex));
            }
        }

        Assert.Equal(0u, region.BufferPool.Free);
    }

    [Fact]
    public void The_next_guest_finds_the_headers_as_they_were()
    {
        using MemoryRegion region = Regions.Create(ports: 1, slots: Slots);
        using PortMemory port = PortMemory.Open(region, "bad", PortShape.Symmetric(1, Slots));
        InterfaceView view = region.InterfaceAt(port.InterfaceOffset);
        NetmapInterfaceHeader header = view.Header;
        NetmapRingHeader ring = port.RxRings[0].Header;
        long offset = view.GetRingOffset(2);
        view.Header = default;
        view.Name = "scribbled";
        view.SetRingOffset(2, -1);
        port.RxRings[0].Header = default;
        Assert.Equal(0, port.Repair());
        Assert.Equal(("bad", offset), (view.Name, view.GetRingOffset(2)));
        Assert.Equal(
            (header.Version, header.TxRings, header.RxRings, header.HostTxRings),
            (view.Header.Version, view.Header.TxRings, view.Header.RxRings, view.Header.HostTxRings));
        NetmapRingHeader mended = port.RxRings[0].Header;
        Assert.Equal(
            (ring.BufferOffset, ring.SlotCount, ring.BufferSize, ring.RingId, ring.Direction),
            (mended.BufferOffset, mended.SlotCount, mended.BufferSize, mended.RingId, mended.Direction));
    }

    [Fact]
    public void A_slot_that_cannot_be_mended_beside_other_ports_is_counted()
    {
        using MemoryRegion region = Regions.Create(ports: 2, slots: Slots);
        using PortMemory other = PortMemory.Open(region, "other", PortShape.Symmetric(1, Slots));
        using PortMemory port = PortMemory.Open(region, "bad", PortShape.Symmetric(1, Slots));
        port.TxRings[0].Slots[0].BufferIndex = 0;
        Assert.Equal(1, port.Repair());
    }

    [Fact]
    public void Closing_twice_gives_back_once()
    {
        using MemoryRegion region = Regions.Create(slots: Slots);
        PortMemory port = PortMemory.Open(region, "port", PortShape.Symmetric(1, Slots));
        port.Dispose();
        PortMemory next = PortMemory.Open(region, "next", PortShape.Symmetric(1, Slots));
        uint free = region.BufferPool.Free;
        port.Dispose();
        Assert.Equal((free, 1), (region.BufferPool.Free, region.OpenPorts));
        next.Dispose();
    }

    [Theory]
    [InlineData(ExtraListHarm.Cycle, 0)] // every buffer is met before the cycle closes
    [InlineData(ExtraListHarm.SelfLoop, 7)]
    [InlineData(ExtraListHarm.OutOfPool, 7)]
    [InlineData(ExtraListHarm.NeverGivenOut, 7)]
    [InlineData(ExtraListHarm.Cut, 7)]
    [InlineData(ExtraListHarm.Headless, 8)]
    [InlineData(ExtraListHarm.IntoOwnRing, 7)]
    public void A_hostile_list_of_extra_buffers_is_walked_to_its_end_and_no_further(ExtraListHarm harm, int lost)
    {
        using MemoryRegion region = Regions.Create(ports: 2, slots: Slots, extraBuffers: 8);
        PortMemory steady = PortMemory.Open(region, "steady", PortShape.Symmetric(1, Slots));
        PortMemory bad = PortMemory.Open(region, "bad", PortShape.Symmetric(1, Slots) with { ExtraBuffers = 8 });
        Spoil(region, bad, harm);
        uint free = region.BufferPool.Free;
        bad.Dispose();
        Assert.Equal(lost, bad.LostBuffers);
        Assert.Equal(free + (2 * Slots) + 8 - (uint)lost, region.BufferPool.Free);
        steady.Dispose();
        Assert.Equal(0, steady.LostBuffers);
    }

    [Fact]
    public void A_list_that_runs_through_another_port_takes_no_more_than_the_closing_port_had()
    {
        using MemoryRegion region = Regions.Create(ports: 2, slots: Slots, extraBuffers: 8);
        PortMemory victim = PortMemory.Open(region, "victim", PortShape.Symmetric(1, Slots));
        PortMemory bad = PortMemory.Open(region, "bad", PortShape.Symmetric(1, Slots) with { ExtraBuffers = 8 });
        ref uint link = ref region.InterfaceAt(bad.InterfaceOffset).Header.ExtraBuffers;
        foreach (NetmapSlot slot in victim.TxRings[0].Slots)
        {
            link = slot.BufferIndex;
            link = ref System.Runtime.InteropServices.MemoryMarshal.AsRef<uint>(region.Buffers[link]);
        }

        uint free = region.BufferPool.Free;
        bad.Dispose();
        Assert.Equal((0, free + (2 * Slots) + 8), (bad.LostBuffers, region.BufferPool.Free));
        victim.Dispose();
        Assert.Equal(8, victim.LostBuffers);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_port_that_the_buffers_do_not_suffice_for_takes_none(bool runsDryInTheRings)
    {
        using MemoryRegion region = Regions.Create(ports: 3, slots: 128);
        PortMemory steady = PortMemory.Open(region, "steady", PortShape.Symmetric(1, 128) with { ExtraBuffers = 300 });
        uint free = region.BufferPool.Free;
        PortShape shape = PortShape.Symmetric(1, 128) with { ExtraBuffers = runsDryInTheRings ? 0 : 500 };
        if (runsDryInTheRings)
        {
            while (region.BufferPool.Free > 200)
            {
                Assert.True(region.BufferPool.TryAllocate(out _));
            }

            free = 200;
        }

        RegionLimitException refusal =
            Assert.Throws<RegionLimitException>(() => PortMemory.Open(region, "greedy", shape));
        Assert.Contains("buffers and all are taken", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("--extra-buffers", refusal.Message, StringComparison.Ordinal);
        Assert.Equal((free, 1), (region.BufferPool.Free, region.OpenPorts));
        steady.Dispose();
    }

    [Fact]
    public void Each_refused_shape_names_limit_and_option_and_takes_nothing()
    {
        using MemoryRegion region = Regions.Create(ports: 1, ringPairs: 2, slots: 128);
        uint free = region.BufferPool.Free;
        AssertRefused(region, PortShape.Symmetric(1, 63), "63 slots", "64 to 128", "--slots");
        AssertRefused(region, PortShape.Symmetric(1, 129), "129 slots", "64 to 128", "--slots");
        AssertRefused(region, new PortShape { TxRings = 0, TxSlots = 64, RxSlots = 64 }, "0 tx", "1 to 16", "--rings");
        AssertRefused(region, PortShape.Symmetric(17, 64), "17 tx and 17 rx", "1 to 16", "--rings");
        AssertRefused(region, PortShape.Symmetric(2, 64) with { ExtraBuffers = -1 }, "-1 extra buffers",
            "--extra-buffers");
        using PortMemory only = PortMemory.Open(region, "only", PortShape.Symmetric(1, 64));
        AssertRefused(region, PortShape.Symmetric(1, 64), "holds 1 port and has no place left",
            "--ports of its trust domain");
        only.Dispose();
        Assert.Equal((free, 0), (region.BufferPool.Free, region.OpenPorts));
    }

    private static void AssertRefused(MemoryRegion region, PortShape shape, params string[] parts)
    {
        RegionLimitException refusal =
            Assert.Throws<RegionLimitException>(() => PortMemory.Open(region, "port", shape));
        Assert.All(parts, part => Assert.Contains(part, refusal.Message, StringComparison.Ordinal));
    }

    private static void Spoil(MemoryRegion region, PortMemory port, ExtraListHarm harm)
    {
        ref uint head = ref region.InterfaceAt(port.InterfaceOffset).Header.ExtraBuffers;
        Span<byte> first = region.Buffers[head];
        switch (harm)
        {
            case ExtraListHarm.Cycle:
                uint last = head;
                while (BinaryPrimitives.ReadUInt32LittleEndian(region.Buffers[last]) is var next && next != 0)
                {
                    last = next;
                }

                BinaryPrimitives.WriteUInt32LittleEndian(region.Buffers[last], head);
                break;
            case ExtraListHarm.SelfLoop:
                BinaryPrimitives.WriteUInt32LittleEndian(first, head);
                break;
            case ExtraListHarm.OutOfPool:
                BinaryPrimitives.WriteUInt32LittleEndian(first, region.Buffers.Count);
                break;
            case ExtraListHarm.NeverGivenOut:
                BinaryPrimitives.WriteUInt32LittleEndian(first, 1);
                break;
            case ExtraListHarm.Cut:
                BinaryPrimitives.WriteUInt32LittleEndian(first, 0);
                break;
            case ExtraListHarm.Headless:
                head = uint.MaxValue;
                break;
            case ExtraListHarm.IntoOwnRing:
                BinaryPrimitives.WriteUInt32LittleEndian(first, port.TxRings[0].Slots[0].BufferIndex);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(harm));
        }
    }

    private static void Swap(RingView one, RingView two, int slot) =>
        (one.Slots[slot].BufferIndex, two.Slots[slot].BufferIndex) =
            (two.Slots[slot].BufferIndex, one.Slots[slot].BufferIndex);

    public enum ExtraListHarm
    {
        Cycle,
        SelfLoop,
        OutOfPool,
        NeverGivenOut,
        Cut,
        Headless,
        IntoOwnRing,
    }
}
