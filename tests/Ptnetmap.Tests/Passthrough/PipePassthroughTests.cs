using Ptnetmap.Memory;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Tests.Passthrough;

public sealed class PipePassthroughTests
{
    [Fact]
    public void A_kick_brings_a_packet_to_the_other_end()
    {
        using var bed = new PassthroughBed();
        bed.Guest(0).Send(7);
        Kick(bed.Guest(0));
        bed.Guest(1).AwaitPackets();
        Assert.Equal(7u, bed.Guest(1).Receive());
    }

    [Fact]
    public void The_buffer_travels_and_both_slots_say_so()
    {
        using var bed = new PassthroughBed();
        uint sent = bed.Guest(0).NextTx.BufferIndex;
        uint waiting = bed.Guest(1).PeekRx.BufferIndex;
        bed.Guest(0).Send(1);
        bed.Guest(0).Attachment.Assist();
        Assert.Equal(sent, bed.Guest(1).PeekRx.BufferIndex);
        Assert.True(bed.Guest(1).PeekRx.Has(SlotFlags.BufferChanged));
        SlotWord back = bed.Guest(0).Tx.Slots[0].Word;
        Assert.Equal(waiting, back.BufferIndex);
        Assert.True(back.Has(SlotFlags.BufferChanged));
    }

    [Theory]
    [InlineData(64)]
    [InlineData(67)]
    [InlineData(1000)]
    public void A_full_receiver_stops_the_sender_and_nothing_is_lost(int slots)
    {
        using var bed = new PassthroughBed(slots: slots);
        HandGuest sender = bed.Guest(0);
        HandGuest receiver = bed.Guest(1);
        uint next = 0;
        uint expected = 0;
        for (int round = 0; round < 50; round++)
        {
            sender.AwaitSpace();
            for (uint space = sender.TxSpace; space > 0; space--)
            {
                sender.Send(next++);
            }

            sender.Attachment.Assist();
            receiver.AwaitPackets();
            for (uint left = receiver.RxAvailable; left > 0; left--)
            {
                Assert.Equal(expected++, receiver.Receive());
            }
        }

        while (expected < next)
        {
            receiver.AwaitPackets();
            Assert.Equal(expected++, receiver.Receive());
        }

        Assert.Equal(next, bed.Port(0).TxRings[0].Counters.Packets);
        Assert.Equal(0, bed.Port(0).TxRings[0].Counters.Drops.Total);
    }

    [Fact]
    public void A_packet_of_fragments_is_shown_when_it_is_whole()
    {
        using var bed = new PassthroughBed();
        HandGuest sender = bed.Guest(0);
        sender.SendRaw(new SlotWord(sender.NextTx.BufferIndex, 100, SlotFlags.MoreFragments));
        sender.Attachment.Assist();
        Assert.Equal(0u, bed.Guest(1).RxAvailable);
        sender.SendRaw(new SlotWord(sender.NextTx.BufferIndex, 50, SlotFlags.None));
        sender.Attachment.Assist();
        Assert.Equal(2u, bed.Guest(1).RxAvailable);
        Assert.Equal(1, bed.Port(0).TxRings[0].Counters.Packets);
        Assert.Equal(150, bed.Port(1).RxRings[0].Counters.Bytes);
    }

    [Fact]
    public void Many_rings_go_to_their_counterparts()
    {
        using var bed = new PassthroughBed(ringPairs: 16);
        foreach (Kring ring in bed.Port(0).TxRings)
        {
            CsbGuestView csb = bed.Guest(0).Attachment.Csb.Guest(ring.Index);
            ring.Ring.Slots[0].Length = 60;
            csb.WriteCurHeadRelease(1, 1);
        }

        bed.Guest(0).Attachment.Assist();
        Assert.All(bed.Port(1).RxRings, ring => Assert.Equal(1u, ring.HwTail));
    }

    [Fact]
    public void A_guest_that_detaches_and_comes_back_finds_every_packet()
    {
        using var bed = new PassthroughBed();
        bed.Guest(0).Send(1, 2, 3);
        bed.Guest(0).Attachment.Assist();
        Assert.Equal(1u, bed.Guest(1).Receive());
        bed.Reattach(1);
        bed.Guest(0).Send(4);
        bed.Guest(0).Attachment.Assist();
        Assert.Equal([2u, 3u, 4u], [bed.Guest(1).Receive(), bed.Guest(1).Receive(), bed.Guest(1).Receive()]);
    }

    [Fact]
    public void Packets_sent_while_the_other_end_had_no_guest_arrive_when_it_has_one()
    {
        using var bed = new PassthroughBed();
        bed.Guest(1).Attachment.Dispose();
        bed.Guest(0).Send(1, 2);
        bed.Guest(0).Attachment.Assist();
        Assert.Equal(2u, bed.Port(0).TxRings[0].Pending);
        bed.Reattach(1);
        bed.Guest(1).AwaitPackets(2);
        Assert.Equal(1u, bed.Guest(1).Receive());
    }

    [Fact]
    public void A_second_guest_is_refused()
    {
        using var bed = new PassthroughBed();
        var refusal = Assert.Throws<InvalidOperationException>(() => bed.Attach(bed.Port(0)));
        Assert.Contains("link{0", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rings_move_between_workers_while_traffic_flows()
    {
        using var bed = new PassthroughBed(workers: 2);
        for (uint i = 0; i < 200; i++)
        {
            _ = bed.Guest(0).Attachment.Loops.TryMoveTo(bed.Workers.Workers[(int)(i % 2)]);
            bed.Guest(0).Send(i);
            Kick(bed.Guest(0));
            bed.Guest(1).AwaitPackets();
            Assert.Equal(i, bed.Guest(1).Receive());
        }
    }

    // The host may still be settling after the last packet: it either sees this one by itself, or asks for a kick.
    private static void Kick(HandGuest guest) => _ = guest.KickTx();
}
