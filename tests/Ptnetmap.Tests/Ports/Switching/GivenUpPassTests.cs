using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Tests.Ports.Switching;

/// <summary>A sender's pass that an exception ended holds nothing of its receivers' rings any more.</summary>
public class GivenUpPassTests
{
    [Fact]
    public void Slots_that_it_claimed_go_to_the_receiver_empty_and_others_packets_behind_them()
    {
        using var bed = new SwitchBed();
        BedPort sender = bed.Add();
        BedPort receiver = bed.Add();
        sender.Send(Frame.Everyone, from: 1);
        Kring rx = receiver.Port.RxRings[0];
        _ = Lease(rx, 3);
        uint others = 0;
        var other = new Thread(() => others = Lease(rx, 2));
        other.Start();
        other.Join();
        Assert.False(Release(rx, others, end: 6));
        Assert.Equal(1u, rx.HwTail);

        sender.Port.GiveUpPass(sender.Port.TxRings[0]);

        Assert.Equal((6u, 6u), (rx.HwTail, receiver.Clients[0].Tail));
        Assert.All([1, 2, 3], slot => Assert.Equal(0, rx.Ring.Slots[slot].Length));
        receiver.Clients[0].Head = 6;
        sender.Send(Frame.Everyone, from: 1);
        Assert.Single(receiver.Take());
    }

    [Fact]
    public void What_another_sender_has_claimed_stays_its_own()
    {
        using var bed = new SwitchBed();
        BedPort sender = bed.Add();
        BedPort receiver = bed.Add();
        sender.Send(Frame.Everyone, from: 1);
        Kring rx = receiver.Port.RxRings[0];
        uint others = 0;
        var other = new Thread(() => others = Lease(rx, 2));
        other.Start();
        other.Join();
        _ = Lease(rx, 3);

        sender.Port.GiveUpPass(sender.Port.TxRings[0]);

        Assert.Equal(1u, rx.HwTail);
        Assert.True(Release(rx, others, end: 3));
        Assert.Equal(6u, rx.HwTail);
    }

    [Fact]
    public void Nothing_of_it_is_left_for_the_next()
    {
        using var bed = new SwitchBed();
        BedPort sender = bed.Add();
        BedPort bad = bed.Add(attach: false);
        BedPort good = bed.Add();
        bad.Port.RxRings[0].SetClient(new FaultyClient());
        sender.Put(Frame.Make(Frame.Everyone, 1));

        Assert.Throws<InvalidOperationException>(() => sender.Sync());
        sender.Port.GiveUpPass(sender.Port.TxRings[0]);
        bad.Port.RxRings[0].SetClient(null);
        Assert.Equal(SyncStatus.Dry, sender.Sync());

        Assert.Single(good.Take());
    }

    private static uint Lease(Kring rx, uint slots)
    {
        rx.Lock.Enter();
        uint lease = rx.Lease(slots);
        rx.Lock.Exit();
        return lease;
    }

    private static bool Release(Kring rx, uint lease, uint end)
    {
        rx.Lock.Enter();
        bool moved = rx.Release(lease, end);
        rx.Lock.Exit();
        return moved;
    }
}
