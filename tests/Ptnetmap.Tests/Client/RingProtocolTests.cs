using Ptnetmap.Client;

namespace Ptnetmap.Tests.Client;

public sealed class RingProtocolTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 5)]
    public void A_publication_kicks_only_when_the_host_asked(bool asked, long kicks)
    {
        using var host = new HandHost();
        TxRing tx = host.Open().TxRings[0];
        host.TxCsb.WriteKernNeedKick(asked);
        for (int i = 0; i < 5; i++)
        {
            tx.Advance(1);
            tx.Publish();
        }

        Assert.Equal(5u, host.Pending);
        Assert.Equal(kicks, tx.Kicks);
        Assert.Equal(5 - kicks, tx.KicksSuppressed);
        Assert.Equal(asked, host.Kicks[0].TryConsume());
        Assert.False(host.Kicks[1].TryConsume());
    }

    [Fact]
    public void A_publication_without_news_does_not_kick()
    {
        using var host = new HandHost();
        TxRing tx = host.Open().TxRings[0];
        host.TxCsb.WriteKernNeedKick(true);
        tx.Publish();
        Assert.False(host.Kicks[0].TryConsume());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_receiver_that_gives_slots_back_kicks_only_when_the_host_asked(bool asked)
    {
        using var host = new HandHost();
        RxRing rx = host.Open().RxRings[0];
        host.FillTest(0);
        host.Show();
        Assert.Equal(1u, rx.RxSync());
        rx.Release(1);
        host.RxCsb.WriteKernNeedKick(asked);
        rx.Publish();
        Assert.Equal(1u, host.RxCsb.ReadHeadAcquire());
        Assert.Equal(asked, host.Kicks[1].TryConsume());
    }

    [Fact]
    public void A_wait_with_something_there_asks_for_nothing()
    {
        using var host = new HandHost();
        NetmapPort port = host.Open();
        host.FillTest(0);
        host.Show();
        Assert.True(port.RxRings[0].WaitForPackets(Long));
        Assert.True(port.TxRings[0].WaitForSpace(Long));
        Assert.Equal(0, port.RxRings[0].Sleeps + port.TxRings[0].Sleeps);
    }

    [Fact]
    public void A_sleeper_has_asked_for_an_interrupt_and_takes_the_request_back()
    {
        using var host = new HandHost();
        var channel = new SleepWatcher(host.Channel, () =>
        {
            Assert.True(host.RxCsb.ReadApplNeedKick());
            Assert.False(host.TxCsb.ReadApplNeedKick());
            host.FillTest(0);
            host.Show();
        });
        RxRing rx = NetmapPort.Open(channel, IdleStrategy.Sleep).RxRings[0];
        Assert.True(rx.WaitForPackets(Long));
        Assert.Equal(1, channel.Waits);
        Assert.Equal(1, rx.Sleeps);
        Assert.False(host.RxCsb.ReadApplNeedKick());
    }

    [Fact]
    public void A_sender_without_space_publishes_kicks_and_asks_for_an_interrupt()
    {
        using var host = new HandHost();
        var channel = new SleepWatcher(host.Channel, () =>
        {
            Assert.True(host.TxCsb.ReadApplNeedKick());
            Assert.True(host.Kicks[0].TryConsume());
            _ = host.Take(10);
        });
        TxRing tx = NetmapPort.Open(channel, IdleStrategy.Sleep).TxRings[0];
        host.TxCsb.WriteKernNeedKick(true);
        tx.Advance(63);
        Assert.True(tx.WaitForSpace(Long));
        Assert.Equal(10u, tx.Space);
        Assert.False(host.TxCsb.ReadApplNeedKick());
    }

    [Fact]
    public void What_an_assist_brings_spares_kick_and_sleep()
    {
        HandHost? host = null;
        using (host = new HandHost(assist: () => _ = host!.LoopBack()))
        {
            NetmapPort port = host.Open();
            host.TxCsb.WriteKernNeedKick(true);
            port.TxRings[0].Advance(3);
            Assert.True(port.Wait([port.TxRings[0], port.RxRings[0]], Long));
            Assert.Equal(3u, port.RxRings[0].Available);
            Assert.Equal(0, port.TxRings[0].Kicks + port.TxRings[0].Sleeps + port.RxRings[0].Sleeps);
        }
    }

    [Fact]
    public void An_assist_that_leaves_something_to_do_does_not_spare_the_kick()
    {
        using var host = new HandHost(assist: () => { });
        TxRing tx = host.Open().TxRings[0];
        host.TxCsb.WriteKernNeedKick(true);
        tx.Advance(3);
        tx.PublishAndAssist();
        Assert.True(host.Kicks[0].TryConsume());
    }

    [Fact]
    public void A_wait_ends_when_the_time_is_up_or_somebody_wakes_it()
    {
        using var host = new HandHost();
        RxRing rx = host.Open().RxRings[0];
        Assert.False(rx.WaitForPackets(TimeSpan.Zero));
        Assert.Equal(0, rx.Sleeps);
        Assert.False(rx.WaitForPackets(TimeSpan.FromMilliseconds(1)));
        Assert.Equal(1, rx.Sleeps);
        host.Channel.Wake(rx.CsbIndex);
        Assert.False(rx.WaitForPackets(Timeout.InfiniteTimeSpan));
        Assert.False(host.RxCsb.ReadApplNeedKick());
    }

    [Fact]
    public void A_spinner_never_asks_for_an_interrupt()
    {
        using var host = new HandHost();
        RxRing rx = host.Open(IdleStrategy.Spin).RxRings[0];
        Assert.False(rx.WaitForPackets(Timeout.InfiniteTimeSpan));
        Assert.Equal(0, rx.Sleeps);
    }

    [Fact]
    public void A_wait_is_for_rings_of_one_port()
    {
        using var host = new HandHost();
        using var other = new HandHost();
        NetmapPort port = host.Open();
        GuestRing foreign = other.Open().RxRings[0];
        Assert.Throws<ArgumentException>(() => port.Wait([port.RxRings[0], foreign], Long));
        Assert.Throws<ArgumentException>(() => port.Wait([], Long));
    }

    [Fact]
    public void More_than_the_guest_has_is_refused()
    {
        using var host = new HandHost();
        NetmapPort port = host.Open();
        Assert.Throws<ArgumentOutOfRangeException>(() => port.TxRings[0].Advance(64));
        Assert.Throws<ArgumentOutOfRangeException>(() => port.TxRings[0].SetLength(0, 129));
        Assert.Throws<ArgumentOutOfRangeException>(() => port.TxRings[0].Frame(63).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => port.RxRings[0].Release(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => port.RxRings[0].Frame(0).Length);
    }

    [Fact]
    public void A_scribbled_slot_has_no_frame_and_a_scribbled_length_is_cut()
    {
        using var host = new HandHost();
        NetmapPort port = host.Open();
        host.FillTest(0);
        host.FillTest(1);
        host.Show();
        _ = port.RxRings[0].Refresh();
        host.Rx.Slots[0].BufferIndex = uint.MaxValue;
        host.Rx.Slots[1].Length = ushort.MaxValue;
        host.Tx.Slots[0].BufferIndex = 1;
        Assert.True(port.RxRings[0].Frame(0).IsEmpty);
        Assert.Equal(128, port.RxRings[0].Frame(1).Length);
        Assert.True(port.TxRings[0].Frame(0).IsEmpty);
        Assert.Equal(128, port.TxRings[0].Frame(1).Length);
    }
}
