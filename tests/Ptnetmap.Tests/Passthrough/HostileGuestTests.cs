using System.Runtime.InteropServices;
using CsCheck;
using Ptnetmap.Memory;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Tests.Passthrough;

/// <summary>A guest can write anything into its CSB, slots and ring headers at any time. It costs only
/// itself.</summary>
public sealed class HostileGuestTests
{
    [Theory]
    [InlineData(64, 64)]
    [InlineData(uint.MaxValue, 0)]
    [InlineData(0, 64)]
    [InlineData(5, 4)]
    [InlineData(0x8000_0000, 0x8000_0000)]
    public void A_bad_head_or_cur_is_counted_and_changes_nothing(uint head, uint cur)
    {
        using var bed = new PassthroughBed();
        HandGuest guest = bed.Guest(0);
        guest.TxCsb.WriteCurHeadRelease(cur, head);
        guest.Attachment.Assist();
        Kring ring = bed.Port(0).TxRings[0];
        Assert.Equal(1, ring.Counters.Violations);
        Assert.Equal((0u, 0u, 63u), (ring.Head, ring.HwCur, ring.HwTail));

        guest.TxCsb.WriteCurHeadRelease(0, 0);
        guest.Send(3);
        guest.Attachment.Assist();
        Assert.Equal(3u, bed.Guest(1).Receive());
    }

    [Fact]
    public void The_head_does_not_go_back()
    {
        using var bed = new PassthroughBed();
        bed.Guest(0).Send(1, 2, 3);
        bed.Guest(0).Attachment.Assist();
        bed.Guest(0).TxCsb.WriteCurHeadRelease(1, 1);
        bed.Guest(0).Attachment.Assist();

        // [1, 3) is sent already; but all of the ring up to 2 is free again, so 1 is a full round ahead and 2 more than
        // fits.
        Assert.True(bed.Port(0).TxRings[0].Counters.Violations + bed.Port(0).TxRings[0].Pending > 0);
        bed.Guest(0).TxCsb.WriteCurHeadRelease(3, 3);
        Assert.InRange(bed.Port(0).TxRings[0].Head, 0u, 63u);
    }

    [Fact]
    public void A_receiver_that_claims_more_than_it_was_given_is_refused()
    {
        using var bed = new PassthroughBed();
        bed.Guest(0).Send(1);
        bed.Guest(0).Attachment.Assist();
        bed.Guest(1).RxCsb.WriteCurHeadRelease(40, 40);
        bed.Guest(0).Send(2);
        bed.Guest(0).Attachment.Assist();
        Assert.Equal(1, bed.Port(1).RxRings[0].Counters.Violations);
        Assert.Equal(0u, bed.Port(1).RxRings[0].Head);
        Assert.Equal(2u, bed.Port(1).RxRings[0].HwTail);
    }

    [Theory]
    [InlineData(0u, 60, SlotFlags.None, DropReason.BadBufferIndex)]
    [InlineData(1u, 60, SlotFlags.None, DropReason.BadBufferIndex)]
    [InlineData(258u, 60, SlotFlags.None, DropReason.BadBufferIndex)]
    [InlineData(uint.MaxValue, 60, SlotFlags.None, DropReason.BadBufferIndex)]
    [InlineData(2u, 129, SlotFlags.None, DropReason.BadLength)]
    [InlineData(2u, 65535, SlotFlags.None, DropReason.BadLength)]
    [InlineData(2u, 60, SlotFlags.Indirect, DropReason.UnsupportedFlag)]
    public void A_bad_slot_is_one_counted_drop(uint index, int length, SlotFlags flags, DropReason reason)
    {
        using var bed = new PassthroughBed();
        HandGuest guest = bed.Guest(0);
        guest.Send(1);
        SlotWord honest = guest.NextTx;
        guest.SendRaw(new SlotWord(index, (ushort)length, flags));
        guest.Send(3);
        guest.Attachment.Assist();
        Assert.Equal(1, bed.Port(0).TxRings[0].Counters.Drops.Of(reason));
        Assert.Equal(1, bed.Port(0).TxRings[0].Counters.Drops.Total);
        Assert.Equal([1u, 3u], [bed.Guest(1).Receive(), bed.Guest(1).Receive()]);
        guest.Tx.Slots[1].Word = honest;
    }

    [Fact]
    public void A_receiver_that_spoils_a_free_slot_gets_it_back_empty_and_loses_no_packet()
    {
        using var bed = new PassthroughBed();
        uint own = bed.Guest(1).PeekRx.BufferIndex;
        bed.Guest(1).Rx.Slots[0].BufferIndex = 77777;
        bed.Guest(0).Send(1);
        bed.Guest(0).Attachment.Assist();
        Assert.Equal(2u, bed.Guest(1).RxAvailable);
        Assert.Equal((77777u, (ushort)0), (bed.Guest(1).PeekRx.BufferIndex, bed.Guest(1).PeekRx.Length));
        Assert.Equal(1, bed.Port(1).RxRings[0].Counters.Violations);
        Assert.Equal(0, bed.Port(0).TxRings[0].Counters.Drops.Total);
        bed.Guest(1).Skip();
        Assert.Equal(1u, bed.Guest(1).Receive());
        bed.Guest(1).Rx.Slots[0].BufferIndex = own;
    }

    [Fact]
    public void Any_bytes_in_csb_and_rings_leave_the_host_and_the_next_pipe_whole()
    {
        using var bed = new PassthroughBed(pipes: 2, slots: 65);
        uint number = 0;
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 1], Gen.Int[0, 4096], Gen.ULong).Array[1, 60].Sample(
            scribbles =>
            {
                foreach ((int what, int who, int where, ulong value) in scribbles)
                {
                    Scribble(bed.Guest(who), what, where, value);
                    bed.Guest(who).Attachment.Assist();
                    AssertSound(bed.Port(who).TxRings[0]);
                    AssertSound(bed.Port(who).RxRings[0]);
                }

                bed.Guest(2).Send(++number);
                bed.Guest(2).Attachment.Assist();
                bed.Guest(3).AwaitPackets();
                return bed.Guest(3).Receive() == number;
            },
            iter: 2000,
            threads: 1);
    }

    [Fact]
    public void A_storm_of_kicks_starves_nobody()
    {
        using var bed = new PassthroughBed(pipes: 2);
        using var stop = new CancellationTokenSource();
        var storm = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                bed.Guest(0).Attachment.Kicks[0].Signal();
                bed.Guest(0).Attachment.Kicks[1].Signal();
            }
        });
        storm.Start();
        for (uint i = 0; i < 2000; i++)
        {
            bed.Guest(2).Send(i);
            _ = bed.Guest(2).KickTx();
            bed.Guest(3).AwaitPackets();
            Assert.Equal(i, bed.Guest(3).Receive());
        }

        stop.Cancel();
        storm.Join();
        Assert.True(bed.Port(0).TxRings[0].Counters.Kicks > 0);
    }

    private static void AssertSound(Kring ring)
    {
        Assert.InRange(ring.Head, 0u, ring.SlotCount - 1);
        Assert.InRange(ring.HwCur, 0u, ring.SlotCount - 1);
        Assert.InRange(ring.HwTail, 0u, ring.SlotCount - 1);
        Assert.InRange(ring.Pending + ring.Ring.Distance(ring.Head, ring.HwTail), 0u, ring.SlotCount - 1);
    }

    private static void Scribble(HandGuest guest, int what, int where, ulong value)
    {
        switch (what)
        {
            case 0:
                guest.TxCsb.WriteCurHeadRelease((uint)(value >> 32) % 80, (uint)value % 80);
                break;
            case 1:
                guest.RxCsb.WriteCurHeadRelease((uint)(value >> 32) % 80, (uint)value % 80);
                break;
            case 2:
                Span<byte> csb = guest.Attachment.Csb.Span;
                MemoryMarshal.Write(csb[(where % (csb.Length - 8))..], value);
                break;
            default:
                RingView ring = (value & 1) != 0 ? guest.Tx : guest.Rx;
                ring.Slots[where % (int)ring.SlotCount].Word = new SlotWord(value);
                ring.Header.SlotCount = (uint)value;
                break;
        }
    }
}
