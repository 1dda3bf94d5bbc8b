using Ptnetmap.Client;
using Ptnetmap.Passthrough;
using Ptnetmap.Tests.Client;
using Ptnetmap.Tests.Passthrough;
using Ptnetmap.Traffic;
using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Tests.Traffic;

/// <summary>Guest programs on threads of their own, against a host by hand and against the real one.</summary>
public sealed class GuestThreadTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>One packet under way, so that each wake-up is needed, and one side awake while the other goes to sleep
    /// after a time of looking that varies: its publication falls into every instant of that. First the host stays
    /// awake, then the guest. Without the guest's second look this fails at once. A missing fence it does not show
    /// reliably: for that there is the walk over every interleaving.</summary>
    [Theory]
    [InlineData(5000, 12, 1)]
    [InlineData(12, 3000, 40)]
    public void No_wake_up_is_lost_at_any_instant_of_going_to_sleep(int hostLooks, int guestLooks, int delay)
    {
        Needs.Processors(2);
        using var host = new HandHost();
        using var hostThread = new HandHostThread(host, hostLooks);
        var channel = new TimeoutWatcher(host.Channel);
        NetmapPort port = NetmapPort.Open(channel);
        TxRing tx = port.TxRings[0];
        RxRing rx = port.RxRings[0];
        IdleStrategy[] strategies = [.. Enumerable.Range(0, guestLooks).Select(IdleStrategy.SpinThenSleep)];
        var random = new Random(2);
        for (int i = 0; i < 40_000 && !hostThread.LostKick; i++)
        {
            Thread.SpinWait(random.Next(delay));
            Assert.NotEqual(0u, tx.TxSync());
            tx.Advance(1);
            tx.Publish();
            rx.Idle = strategies[random.Next(strategies.Length)];
            while (!rx.WaitForPackets(Timeout.InfiniteTimeSpan) && !channel.LostInterrupt)
            {
            }

            Assert.False(channel.LostInterrupt, $"packet {i}: no interrupt came");
            rx.Release(1);
        }

        Assert.False(hostThread.LostKick, "no kick came");
        Assert.NotEqual(0, hostThread.Sleeps + rx.Sleeps);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(13)]
    public void No_wake_up_is_lost_when_all_sleep_as_often_as_they_can(int burst)
    {
        using var host = new HandHost(slots: 65);
        using var hostThread = new HandHostThread(host);
        NetmapPort port = host.Open();
        const int Count = 100_000;
        var receiver = new Receiver(port, new ReceiverOptions { Verify = true, Limit = Count });
        using var sending =
            new GuestThread(new Sender(port, new TrafficSpec { Burst = burst, Limit = Count }), "sender");
        using var receiving = new GuestThread(receiver, "receiver");
        receiving.Start();
        sending.Start();
        Assert.True(sending.Join(Patience), "the sender hangs");
        Assert.True(receiving.Join(Patience), "the receiver hangs");
        Assert.False(hostThread.LostKick);
        AssertSound(receiver.Counters, Count);
        Assert.NotEqual(0, receiver.Counters.Sleeps + sending.Program.Counters.Sleeps);
    }

    [Fact]
    public void An_idle_program_can_be_stopped()
    {
        using var host = new HandHost();
        using var thread = new GuestThread(new Receiver(host.Open()), "receiver");
        thread.Start();
        Assert.True(SpinWait.SpinUntil(() => thread.Program.Counters.Sleeps == 1, Patience));
        thread.Stop();
        Assert.True(thread.Join(TimeSpan.Zero));
        Assert.Null(thread.Failure);
    }

    [Fact]
    public void What_ends_a_program_comes_out_where_it_is_joined()
    {
        using var host = new HandHost();
        var receiver = new Receiver(host.Open());
        host.RxCsb.WriteHwCurHwTailRelease(0, 64);
        using var thread = new GuestThread(receiver, "receiver");
        thread.Start();
        var failure = Assert.Throws<InvalidOperationException>(() => thread.Join(Patience));
        Assert.IsType<NetmapPortException>(failure.InnerException);
    }

    [Theory]
    [InlineData(64, 1)]
    [InlineData(67, 1)]
    [InlineData(1000, 3)]
    public void A_pipe_brings_every_frame_once_and_in_order(int slots, int ringPairs)
    {
        using var bed =
            new PassthroughBed(slots: slots, ringPairs: ringPairs, policy: NotificationPolicy.SpinThenSleep);
        int count = 100_000 * ringPairs;
        var receiver = new Receiver(Open(bed, 1), new ReceiverOptions { Verify = true, Limit = count });
        using var receiving = new GuestThread(receiver, "receiver");
        using var sending = new GuestThread(new Sender(Open(bed, 0), new TrafficSpec { Limit = count }), "sender");
        receiving.Start();
        sending.Start();
        Assert.True(sending.Join(Patience), "the sender hangs");
        Assert.True(receiving.Join(Patience), "the receiver hangs");
        AssertSound(receiver.Counters, count);
    }

    [Fact]
    public void A_chain_of_two_pipes_brings_every_frame_once_and_in_order()
    {
        using var bed = new PassthroughBed(pipes: 2, slots: 128, policy: NotificationPolicy.SpinThenSleep);
        const int Count = 200_000;
        var receiver = new Receiver(Open(bed, 3), new ReceiverOptions { Verify = true, Limit = Count });
        var forwarder = new Forwarder(Open(bed, 1).RxRings[0], Open(bed, 2).TxRings[0]);
        using var receiving = new GuestThread(receiver, "receiver");
        using var forwarding = new GuestThread(forwarder, "forwarder");
        using var sending = new GuestThread(new Sender(Open(bed, 0), new TrafficSpec { Limit = Count }), "sender");
        receiving.Start();
        forwarding.Start();
        sending.Start();
        Assert.True(receiving.Join(Patience), "the receiver hangs");
        forwarding.Stop();
        AssertSound(receiver.Counters, Count);
        Assert.Equal(Count, forwarder.Counters.Packets);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(128)]
    public void A_ping_gets_each_of_its_frames_back(int frame)
    {
        using var bed = new PassthroughBed();
        using var echoing = new GuestThread(new Echo(Open(bed, 1)), "echo");
        var ping = new Ping(
            Open(bed, 0), new TrafficSpec { Limit = 2000, FrameLength = frame, Patience = TimeSpan.FromSeconds(60) });
        using var pinging = new GuestThread(ping, "ping");
        echoing.Start();
        pinging.Start();
        Assert.True(pinging.Join(Patience), "the ping hangs");
        echoing.Stop();
        Assert.Equal((2000, 0), (ping.Counters.Packets, ping.Counters.Lost));
        Assert.Equal(2000, ping.RoundTrips.Count);
    }

    [Fact]
    public void A_ping_without_an_answer_is_lost_and_the_next_one_goes_out()
    {
        using var host = new HandHost();
        var ping = new Ping(host.Open(), new TrafficSpec { Limit = 3, Patience = TimeSpan.FromMilliseconds(1) });
        using var pinging = new GuestThread(ping, "ping");
        pinging.Start();
        Assert.True(pinging.Join(Patience));
        Assert.Equal((0, 3), (ping.Counters.Packets, ping.Counters.Lost));
        Assert.Equal(3u, host.Pending);
    }

    private static NetmapPort Open(PassthroughBed bed, int end)
    {
        GuestAttachment door = bed.Guest(end).Attachment;
        return NetmapPort.Open(new LocalChannel(
            door.Region, door.InterfaceOffset, door.Csb, door.Kicks, door.Interrupts, door.Assist));
    }

    private static void AssertSound(GuestCounters seen, long count)
    {
        Assert.Equal(count, seen.Packets);
        Assert.Equal((0, 0, 0, 0, 0), (seen.Lost, seen.Duplicated, seen.Reordered, seen.Damaged, seen.BadSlots));
    }
}
