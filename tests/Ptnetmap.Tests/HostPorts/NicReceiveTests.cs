using CsCheck;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Tests.HostPorts;

/// <summary>Receiving: buffers lent to the kernel, and slots that come of them.</summary>
public class NicReceiveTests
{
    [Fact]
    public void All_free_slots_but_one_are_lent_and_nothing_has_come()
    {
        using var bed = new NicBed();
        Assert.Equal(SyncStatus.Dry, bed.RxSync());
        Assert.Equal(bed.Rx.Ring.Slots[..63].ToArray().Select(slot => slot.BufferIndex), bed.Lent);
        Assert.Equal(0u, bed.Rx.HwTail);
    }

    [Fact]
    public void A_frame_arrives_where_the_kernel_put_it()
    {
        using var bed = new NicBed();
        bed.RxSync();
        uint buffer = bed.Arrive(7);
        Assert.Equal(SyncStatus.Dry, bed.RxSync());
        SlotWord word = bed.Rx.Ring.Slots[0].Word;
        Assert.Equal((buffer, 60), (word.BufferIndex, word.Length));
        Assert.Equal([7], bed.Read());
        Assert.Equal(0, bed.Port.CopiedBytes);
        Assert.Equal((1, 60), (bed.Rx.Counters.Packets, bed.Rx.Counters.Bytes));
    }

    [Fact]
    public void A_user_that_returns_nothing_stops_its_own_queue_only_and_goes_on_when_it_does()
    {
        using var bed = new NicBed();
        bed.RxSync();
        for (uint i = 0; i < 63; i++)
        {
            bed.Arrive(i);
        }

        Assert.Equal(SyncStatus.Dry, bed.RxSync());
        Assert.Equal(SyncStatus.Blocked, bed.RxSync());
        Assert.Empty(bed.Lent);
        Assert.Equal(63, bed.Read().Count);
        Assert.Equal(SyncStatus.Dry, bed.RxSync());
        Assert.Equal(63, bed.Lent.Count);
    }

    [Fact]
    public void The_budget_is_kept()
    {
        using var bed = new NicBed();
        bed.RxSync();
        bed.Arrive(1);
        bed.Arrive(2);
        bed.Arrive(3);
        Assert.Equal(SyncStatus.More, bed.RxSync(2));
        Assert.Equal([1, 2], bed.Read());
        Assert.Equal(SyncStatus.Dry, bed.RxSync(2));
        Assert.Equal([3], bed.Read());
    }

    [Fact]
    public void A_frame_that_a_driver_put_elsewhere_is_moved_and_counted()
    {
        using var bed = new NicBed();
        bed.RxSync();
        bed.Arrive(9, moved: 32);
        bed.RxSync();
        Assert.Equal([9], bed.Read());
        Assert.Equal(60, bed.Port.CopiedBytes);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(1u)]
    [InlineData(uint.MaxValue)]
    public void A_slot_given_back_with_a_bad_index_lends_nothing_and_is_counted(uint index)
    {
        using var bed = new NicBed();
        bed.RxSync();
        bed.Arrive(1);
        bed.RxSync();
        bed.Rx.Ring.Slots[0].BufferIndex = index;
        Assert.True(bed.Rx.TryAdvance(1, 1));
        bed.RxSync();

        // The slot itself is lent when the next one is given back.
        bed.Arrive(2);
        bed.RxSync();
        bed.Read();
        bed.RxSync();
        Assert.Equal(62, bed.Lent.Count);
        Assert.Equal(1, bed.Rx.Counters.Violations);

        // The ring is one buffer poorer, and goes round all the same.
        for (uint round = 0; round < 150; round++)
        {
            bed.Arrive(round);
            bed.RxSync();
            Assert.Equal([(byte)round], bed.Read());
            bed.RxSync();
        }
    }

    [Fact]
    public void What_a_guest_overwrote_is_mended_for_the_next_one()
    {
        using var bed = new NicBed();
        bed.RxSync();
        bed.Arrive(1);
        bed.RxSync();
        bed.Rx.Ring.Slots.Clear();
        Assert.True(bed.Rx.TryAdvance(1, 1));
        bed.RxSync();
        Assert.Equal(62, bed.Lent.Count);
        bed.Port.PrepareForGuest();
        bed.RxSync();
        Assert.Equal(63, bed.Lent.Count);
        Assert.Equal(63, bed.Lent.Distinct().Count());
    }

    [Fact]
    public void When_the_device_goes_its_buffers_are_in_the_slots_again()
    {
        using var bed = new NicBed();
        uint[] before = [.. bed.Rx.Ring.Slots.ToArray().Select(slot => slot.BufferIndex).Order()];
        bed.RxSync();
        bed.Arrive(1, which: 5);
        bed.RxSync();
        bed.Rx.Ring.Slots[1..].Clear();
        bed.Rx.Ring.Slots[63].BufferIndex = before[63];
        bed.Port.Disconnect();
        Assert.Equal(SyncStatus.Dry, bed.Port.SourceOf(bed.Rx)!.RxSync(bed.Rx, 256));
        Assert.Equal(before, bed.Rx.Ring.Slots.ToArray().Select(slot => slot.BufferIndex).Order());
    }

    [Fact]
    public void In_whatever_order_frames_come_none_is_lost_and_no_buffer_is_in_two_places() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 1000], Gen.UInt[0, 6]).Array[1, 300].Sample(steps =>
        {
            using var bed = new NicBed();
            var wire = new Queue<byte>();
            byte tag = 0;
            bed.RxSync();
            int buffers = bed.Rx.Ring.Slots.Length;
            foreach ((int what, int which, uint count) in steps)
            {
                if (what < 2 && bed.Lent.Count != 0)
                {
                    bed.Arrive(++tag, which % bed.Lent.Count);
                    wire.Enqueue(tag);
                }
                else if (what == 2)
                {
                    bed.RxSync(count + 1);
                }
                else
                {
                    Assert.All(bed.Read(count), received => Assert.Equal(wire.Dequeue(), received));
                }
            }

            bed.RxSync();
            Assert.All(bed.Read(), received => Assert.Equal(wire.Dequeue(), received));
            Assert.Empty(wire);
            bed.Port.Disconnect();
            Assert.Equal(buffers, bed.Rx.Ring.Slots.ToArray().Select(slot => slot.BufferIndex).Distinct().Count());
        });
}
