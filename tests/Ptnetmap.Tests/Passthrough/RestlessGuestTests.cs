using Ptnetmap.Passthrough;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Tests.Passthrough;

/// <summary>A guest that changes its pointers, from one value that does not count to another, whenever somebody looks:
/// each look finds news, and nothing to do.</summary>
public sealed class RestlessGuestTests
{
    private const long MostLooks = 300;

    [Fact]
    public void A_pass_ends_though_every_look_finds_news()
    {
        using var bed = new PlayedBed();
        using GuestAttachment guest = Settled(bed);
        int me = Environment.CurrentManagedThreadId;
        int looks = 0;
        bed.Port.Reclaiming = ring =>
        {
            looks += Environment.CurrentManagedThreadId == me ? 1 : 0;
            ChangeHead(guest, ring);
        };
        guest.Csb.Guest(0).WriteCurHeadRelease(1, 1);

        bed.Port.TxRings[0].Client!.RunPass();

        Assert.Equal(1, bed.Port.Sent(0));
        Assert.InRange(looks, 2, MostLooks);
        Assert.InRange(bed.Port.TxRings[0].Counters.Violations, 1, long.MaxValue);
    }

    [Fact]
    public void The_worker_has_time_for_others()
    {
        using var bed = new PlayedBed();
        using GuestAttachment guest = Settled(bed);
        long looks = 0;
        bed.Port.Reclaiming = ring =>
        {
            ChangeHead(guest, ring);
            Interlocked.Increment(ref looks);
        };
        PlayedBed.Send(guest, 0, head: 1);
        PlayedBed.Await(() => Interlocked.Read(ref looks) > MostLooks);

        for (uint head = 1; head <= 20; head++)
        {
            PlayedBed.Send(guest, 1, head);
            PlayedBed.Await(() => bed.Port.Sent(1) == head);
        }

        Assert.Equal(1, bed.Port.Sent(0));
    }

    private static GuestAttachment Settled(PlayedBed bed)
    {
        GuestAttachment guest = bed.Attach();
        PlayedBed.Await(() =>
            bed.Port.TxRings.All(ring => ring is { Counters.Sleeps: not 0, Client: SyncLoop { IsRunning: false } }));
        return guest;
    }

    // Between the look at the pointers and the one after the kick was armed.
    private static void ChangeHead(GuestAttachment guest, Kring ring)
    {
        if (ring.Index == 0)
        {
            uint head = 1000 + (guest.Csb.Guest(0).ReadOwnHead() & 1 ^ 1);
            guest.Csb.Guest(0).WriteCurHeadRelease(head, head);
        }
    }
}
