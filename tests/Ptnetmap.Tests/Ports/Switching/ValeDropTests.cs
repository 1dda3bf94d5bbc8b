using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Tests.Ports.Switching;

/// <summary>Each reason for a drop, provoked; good packets around it arrive.</summary>
public class ValeDropTests
{
    [Fact]
    public void Each_bad_slot_is_dropped_for_its_reason_and_its_neighbours_arrive()
    {
        using var bed = new SwitchBed();
        (BedPort a, BedPort b) = (bed.Add(), bed.Add());
        uint count = a.Port.Region.Buffers.Count;
        void Good() => a.Put(Frame.Make(20, 10));
        Good();
        a.Put(Frame.Make(20, 10, 13));
        Good();
        a.Put([]);
        a.PutWord(new SlotWord(0, 60, SlotFlags.None));
        a.PutWord(new SlotWord(1, 60, SlotFlags.None));
        a.PutWord(new SlotWord(count, 60, SlotFlags.None));
        a.PutWord(new SlotWord(uint.MaxValue, 60, SlotFlags.None));
        Good();
        a.PutWord(new SlotWord(a.NextBuffer(), 2113, SlotFlags.None));
        a.PutWord(new SlotWord(a.NextBuffer(), ushort.MaxValue, SlotFlags.None));
        a.PutWord(new SlotWord(a.NextBuffer(), 60, SlotFlags.Indirect));
        a.Put(Frame.Make(20, 10), (SlotFlags)(200 << 8));
        a.Put(Frame.Make(20, 10), (SlotFlags)(255 << 8));
        Good();

        Assert.Equal(SyncStatus.Dry, a.Sync());

        Assert.Equal(4, b.Take().Count);
        Assert.Equal(2, a.Drops(DropReason.Runt));
        Assert.Equal(4, a.Drops(DropReason.BadBufferIndex));
        Assert.Equal(2, a.Drops(DropReason.BadLength));
        Assert.Equal(1, a.Drops(DropReason.UnsupportedFlag));
        Assert.Equal(2, a.Drops(DropReason.NoDestination));
        Assert.Equal(11, a.Port.TxRings[0].Counters.Drops.Total);
        Assert.Equal(4, a.Port.TxRings[0].Counters.Packets);
        RestoreBuffers(a);
    }

    [Fact]
    public void A_full_receiver_loses_its_copy_and_nobody_else_does()
    {
        using var bed = new SwitchBed();
        BedPort a = bed.Add(slots: 200);
        BedPort small = bed.Add(slots: 64);
        BedPort large = bed.Add(slots: 300);
        for (int i = 0; i < 150; i++)
        {
            a.Put(Frame.Make(Frame.Everyone, 10, seed: i));
        }

        Assert.Equal(SyncStatus.Dry, a.Sync());

        Assert.Equal(63, small.Take().Count);
        Assert.Equal(150, large.Take().Count);
        Assert.Equal(150 - 63, a.Drops(DropReason.NoSpace));
        Assert.Equal(150 - 63, a.Port.TxRings[0].Counters.Drops.Total);
    }

    [Fact]
    public void A_port_without_guest_drops_as_no_receiver()
    {
        using var bed = new SwitchBed();
        (BedPort a, BedPort b) = (bed.Add(), bed.Add(attach: false));

        a.Send(to: 20, from: 10);
        a.PutFragments(Frame.Make(20, 10), [20, 40]);
        a.Sync();

        Assert.Equal(2, a.Drops(DropReason.NoReceiver));
        Assert.Equal(0, b.Port.RxRings[0].Counters.Packets);
    }

    [Fact]
    public void A_port_that_is_alone_has_no_destination()
    {
        using var bed = new SwitchBed();
        BedPort a = bed.Add();

        a.Send(Frame.Everyone, from: 10);

        Assert.Equal(1, a.Drops(DropReason.NoDestination));
        Assert.Equal(0, a.Port.TxRings[0].Counters.Packets);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(uint.MaxValue)]
    public void A_receiver_that_spoils_a_slot_harms_only_itself(uint index)
    {
        using var bed = new SwitchBed();
        (BedPort a, BedPort b, BedPort c) = (bed.Add(), bed.Add(), bed.Add());
        ref NetmapSlot spoiled = ref b.Port.RxRings[0].Ring.Slots[1];
        uint mine = spoiled.BufferIndex;
        spoiled.BufferIndex = index;
        for (int i = 0; i < 3; i++)
        {
            a.Put(Frame.Make(Frame.Everyone, 10, seed: i));
        }

        a.Sync();

        Assert.Equal(index, spoiled.BufferIndex);
        Assert.Equal(0, spoiled.Length);
        spoiled.BufferIndex = mine;
        Assert.Equal(["60", "0", "60"], b.Take().Select(packet => $"{packet.Bytes.Length}"));
        Assert.Equal(3, c.Take().Count);
        Assert.Equal(1, a.Drops(DropReason.BadReceiverSlot));
        Assert.Equal(2, b.Port.RxRings[0].Counters.Packets);
    }

    [Fact]
    public void A_receiver_that_spoils_a_slot_of_a_chain_loses_the_whole_packet()
    {
        using var bed = new SwitchBed();
        (BedPort a, BedPort b) = (bed.Add(), bed.Add());
        ref NetmapSlot spoiled = ref b.Port.RxRings[0].Ring.Slots[1];
        uint mine = spoiled.BufferIndex;
        spoiled.BufferIndex = 1;
        a.PutFragments(Frame.Make(20, 10, 90), [30, 30, 30]);
        a.PutFragments(Frame.Make(20, 10, 90), [30, 60]);

        a.Sync();

        spoiled.BufferIndex = mine;
        Assert.Equal(["0", "0", "0", "90"], b.Take().Select(packet => $"{packet.Bytes.Length}"));
        Assert.Equal(1, a.Drops(DropReason.BadReceiverSlot));
        Assert.Equal(1, b.Port.RxRings[0].Counters.Packets);
    }

    [Fact]
    public void Bytes_behind_the_frame_do_not_reach_the_receiver()
    {
        using var bed = new SwitchBed();
        (BedPort a, BedPort b) = (bed.Add(), bed.Add());
        foreach (int length in Enumerable.Range(14, 120).Concat([1499, 1500, 2047, 2111, 2112]))
        {
            uint target = b.Port.RxRings[0].Ring.Slots[(int)b.Clients[0].Head].BufferIndex;
            b.Port.Region.Buffers[target].Fill(0xEE);
            a.Port.Region.Buffers[a.NextBuffer()].Fill(0x55);

            a.Send(to: 20, from: 10, length);

            Assert.Single(b.Take());
            Assert.Equal(-1, b.Port.Region.Buffers[target][length..].IndexOfAnyExcept((byte)0xEE));
        }
    }

    // Ports are closed by what their slots name; the test overwrote some.
    private static void RestoreBuffers(BedPort port)
    {
        var named = new HashSet<uint>();
        foreach (Kring ring in port.Port.TxRings.Concat(port.Port.RxRings))
        {
            foreach (ref NetmapSlot slot in ring.Ring.Slots)
            {
                named.Add(slot.BufferIndex);
            }
        }

        uint next = 2;
        foreach (ref NetmapSlot slot in port.Port.TxRings[0].Ring.Slots)
        {
            if (!port.Port.Region.Buffers.IsValid(slot.BufferIndex))
            {
                while (!named.Add(next))
                {
                    next++;
                }

                slot.BufferIndex = next;
            }
        }
    }
}
