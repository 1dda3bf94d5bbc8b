using Ptnetmap.Passthrough;

namespace Ptnetmap.Tests.Passthrough;

/// <summary>A receive ring whose packets come from outside.</summary>
public sealed class RxSourceTests
{
    private const uint Many = 100_000;
    private const uint Burst = 64;

    public static TheoryData<string> Policies => ["spin-then-sleep", "sleep", "spin"];

    [Fact]
    public void A_packet_wakes_the_worker_and_the_guest()
    {
        using var bed = new SourceBed();
        bed.AwaitAsleep();
        bed.Source.Put(7);
        bed.Guest.AwaitPackets();
        Assert.Equal(7u, bed.Guest.Receive());
    }

    [Fact]
    public void Nobody_looks_while_nothing_comes()
    {
        using var bed = new SourceBed();
        bed.AwaitAsleep();
        long looks = bed.Source.Looks;
        for (uint i = 0; i < 100; i++)
        {
            // The worker is brought by the transmit ring, and leaves the source alone.
            bed.Guest.Send(i);
            SourceBed.Await(() => bed.Port.TxRings[0].Counters.Packets == i + 1 || bed.Guest.KickTx());
            SourceBed.Await(() => bed.Port.TxRings[0].Counters.Packets == i + 1);
        }

        Assert.Equal(looks, bed.Source.Looks);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void No_wake_up_is_lost_and_no_packet(string policy)
    {
        using var bed = new SourceBed(NotificationPolicy.Parse(policy));
        var outside = new Thread(() =>
        {
            for (uint i = 0; i < Many; i++)
            {
                bed.Source.Put(i);
            }
        });
        outside.Start();
        for (uint i = 0; i < Many; i++)
        {
            bed.Guest.AwaitPackets();
            Assert.Equal(i, bed.Guest.Receive());
        }

        outside.Join();
        Assert.Equal(Many, bed.Rx.Counters.Packets);
    }

    [Fact]
    public void One_packet_at_a_time_each_wakes_a_loop_that_had_gone_to_sleep()
    {
        using var bed = new SourceBed(NotificationPolicy.SpinThenSleep);
        for (uint i = 0; i < 2_000; i++)
        {
            bed.Source.Put(i);
            bed.Guest.AwaitPackets();
            Assert.Equal(i, bed.Guest.Receive());
        }
    }

    [Fact]
    public void A_full_ring_leaves_the_rest_outside_and_the_guests_kick_brings_it()
    {
        using var bed = new SourceBed(slots: 64);
        for (uint i = 0; i < 100; i++)
        {
            bed.Source.Put(i);
        }

        SourceBed.Await(() => bed.Rx.Counters.Stalls > 0);
        Assert.Equal(63u, bed.Guest.RxAvailable);
        long looks = bed.Source.Looks;
        bed.Source.Put(100);
        bed.Source.Put(101);
        Assert.Equal(0u, bed.Guest.Receive());
        SourceBed.Await(() => bed.Source.Waiting == 102 - 64);
        Assert.True(bed.Source.Looks <= looks + 2);
        for (uint i = 1; i < 102; i++)
        {
            bed.Guest.AwaitPackets();
            Assert.Equal(i, bed.Guest.Receive());
        }
    }

    [Fact]
    public void A_guest_that_leaves_while_packets_come_finds_the_rest_when_it_is_back()
    {
        using var bed = new SourceBed(NotificationPolicy.SpinThenSleep);
        var outside = new Thread(() =>
        {
            for (uint i = 0; i < Many / 10; i++)
            {
                bed.Source.Put(i);
            }
        });
        outside.Start();
        for (uint i = 0; i < Many / 10; i++)
        {
            if (i % 100 == 0)
            {
                bed.Reattach();
            }

            bed.Guest.AwaitPackets();
            Assert.Equal(i, bed.Guest.Receive());
        }

        outside.Join();
    }

    [Fact]
    public void A_guest_that_fetches_for_itself_is_told_of_what_comes_once_it_found_nothing()
    {
        // Nobody but the guest would look for an hour.
        using var bed = new SourceBed(new HoldOffPolicy("hour", 0, 3_600_000_000_000), slots: 256);
        bed.AwaitAsleep();
        uint next = 0;
        for (int round = 0; round < 20; round++)
        {
            for (int burst = 0; burst < 50; burst++, next += Burst)
            {
                FetchBurst(bed, next);
            }

            bed.Guest.Attachment.Assist();
            bed.Source.Put(next);
            bed.Guest.AwaitPackets();
            Assert.Equal(next++, bed.Guest.Receive());
        }
    }

    [Fact]
    public void A_ring_that_is_moved_to_another_worker_is_woken_there()
    {
        using var bed = new SourceBed(workers: 2);
        for (uint i = 0; i < 500; i++)
        {
            _ = bed.Guest.Attachment.Loops.TryMoveTo(bed.Workers.Workers[(int)(i % 2)]);
            bed.Source.Put(i);
            bed.Guest.AwaitPackets();
            Assert.Equal(i, bed.Guest.Receive());
        }
    }

    [Fact]
    public void A_ring_is_moved_while_packets_come_and_loses_none()
    {
        using var bed = new SourceBed(NotificationPolicy.SpinThenSleep, workers: 2);
        var outside = new Thread(() =>
        {
            for (uint i = 0; i < Many / 10; i++)
            {
                bed.Source.Put(i);
            }
        });
        outside.Start();
        for (uint i = 0; i < Many / 10; i++)
        {
            if (i % 64 == 0)
            {
                _ = bed.Guest.Attachment.Loops.TryMoveTo(bed.Workers.Workers[(int)(i / 64 % 2)]);
            }

            bed.Guest.AwaitPackets();
            Assert.Equal(i, bed.Guest.Receive());
        }

        outside.Join();
    }

    [Fact]
    public void A_source_that_is_gone_is_not_waited_for()
    {
        using var bed = new SourceBed();
        bed.AwaitAsleep();
        bed.Source.Go();
        SourceBed.Await(() => bed.Rx.Client is SyncLoop { IsRunning: false } && bed.Source.Looks > 1);
        long wakeUps = bed.Workers.Workers[0].WakeUps;
        for (uint i = 0; i < 100; i++)
        {
            bed.Guest.Send(i);
            SourceBed.Await(() => bed.Port.TxRings[0].Counters.Packets == i + 1 || bed.Guest.KickTx());
            SourceBed.Await(() => bed.Port.TxRings[0].Counters.Packets == i + 1);
        }

        Assert.True(bed.Workers.Workers[0].WakeUps < wakeUps + 1000);
    }

    // By the guest, on its way to sleep.
    private static void FetchBurst(SourceBed bed, uint first)
    {
        for (uint i = 0; i < Burst; i++)
        {
            bed.Source.Put(first + i);
        }

        for (uint got = 0; got < Burst;)
        {
            bed.Guest.Attachment.Assist();
            for (; bed.Guest.RxAvailable != 0; got++)
            {
                Assert.Equal(first + got, bed.Guest.Receive());
            }
        }
    }
}
