using System.Collections.Concurrent;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Tests.Passthrough;

/// <summary>An exception that comes out of a pass takes that ring down, and nothing else.</summary>
public sealed class FailedPassTests
{
    private static void Throw(Kring ring)
    {
        if (ring.Index == 0)
        {
            throw new InvalidOperationException("a fault");
        }
    }

    [Fact]
    public void A_pass_that_fails_on_a_worker_stops_its_ring_and_no_other()
    {
        using var bed = new PlayedBed();
        var told = new ConcurrentQueue<ServedRing>();
        bed.Workers.RingFailed = told.Enqueue;
        bed.Port.Sending = Throw;
        using GuestAttachment guest = bed.Attach();

        PlayedBed.Send(guest, 0, head: 3);
        PlayedBed.Await(() => !told.IsEmpty);
        for (uint head = 1; head <= 20; head++)
        {
            PlayedBed.Send(guest, 0, head: 3 + head);
            PlayedBed.Send(guest, 1, head);
            PlayedBed.Await(() => bed.Port.Sent(1) == head);
        }

        ServedRing failed = Assert.Single(told);
        Assert.Equal(("vale0:a ring tx0", "a fault"), (failed.Ring.Name, failed.Failure?.Message));
        Assert.Same(failed, bed.Port.TxRings[0].Client);
        Assert.Equal(0, bed.Port.Sent(0));
        Assert.True(bed.Quiescence.Wait());
    }

    [Fact]
    public void A_guest_that_assists_is_not_ended_by_it()
    {
        using var bed = new PlayedBed();
        var told = new ConcurrentQueue<ServedRing>();
        bed.Workers.RingFailed = told.Enqueue;
        bed.Port.Sending = Throw;
        using GuestAttachment guest = bed.Attach();
        guest.Csb.Guest(0).WriteCurHeadRelease(1, 1);
        guest.Csb.Guest(1).WriteCurHeadRelease(1, 1);

        guest.Assist();

        PlayedBed.Await(() => bed.Port.Sent(1) == 1 && !told.IsEmpty);
        Assert.Equal("vale0:a ring tx0", Assert.Single(told).Ring.Name);
    }

    [Fact]
    public void What_fails_at_a_receive_ring_stops_that_ring()
    {
        using var bed = new PlayedBed();
        var told = new ConcurrentQueue<ServedRing>();
        bed.Workers.RingFailed = told.Enqueue;
        using GuestAttachment guest = bed.Attach();
        bed.Port.Pulling = Throw;

        guest.Kicks[2].Signal();
        PlayedBed.Await(() => !told.IsEmpty);
        guest.Kicks[2].Signal();
        PlayedBed.Send(guest, 0, head: 2);

        PlayedBed.Await(() => bed.Port.Sent(0) == 2);
        Assert.Equal("vale0:a ring rx0", Assert.Single(told).Ring.Name);
    }

    [Fact]
    public void The_next_guest_has_the_ring_anew()
    {
        using var bed = new PlayedBed();
        var told = new ConcurrentQueue<ServedRing>();
        bed.Workers.RingFailed = told.Enqueue;
        bed.Port.Sending = Throw;
        GuestAttachment first = bed.Attach();
        PlayedBed.Send(first, 0, head: 3);
        PlayedBed.Await(() => !told.IsEmpty);
        first.Dispose();
        Assert.False(first.IsStranded);
        bed.Port.Sending = _ => { };

        using GuestAttachment second = bed.Attach();
        PlayedBed.Send(second, 0, head: 5);

        PlayedBed.Await(() => bed.Port.Sent(0) == 5);
        Assert.Null(((ServedRing)bed.Port.TxRings[0].Client!).Failure);
    }
}
