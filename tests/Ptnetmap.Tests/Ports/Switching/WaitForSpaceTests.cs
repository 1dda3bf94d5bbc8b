using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Tests.Ports.Switching;

/// <summary>Packets for a receiver that has no space wait for it in the sender's ring, for a while.</summary>
public sealed class WaitForSpaceTests
{
    private const int Free = 63;
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);
    private static readonly TimeSpan None = TimeSpan.FromTicks(1);

    [Fact]
    public void What_has_no_space_waits_and_arrives_in_order_when_there_is_some()
    {
        using var bed = new SwitchBed(Long);
        (BedPort sender, BedPort receiver) = Fill(bed, 200);
        Assert.Equal(SyncStatus.Blocked, sender.Sync());
        Assert.Equal(0, sender.Drops(DropReason.NoSpace));
        List<Received> got = receiver.Take();
        Assert.Equal(Free, got.Count);
        while (sender.Sync() == SyncStatus.Blocked)
        {
            got.AddRange(receiver.Take());
        }

        got.AddRange(receiver.Take());
        Assert.Equal(Enumerable.Range(0, 199).Select(i => Convert.ToHexString(Frame.Make(20, 10, seed: i))),
            got.Select(packet => packet.Hex));
        Assert.Equal(0, receiver.Port.RxRings[0].Counters.Missed);
        Assert.Equal(199, sender.Port.TxRings[0].Counters.Packets);
    }

    [Fact]
    public void Others_in_the_same_batch_do_not_wait()
    {
        using var bed = new SwitchBed(Long);
        (BedPort sender, BedPort slow) = Fill(bed, 200, Free);
        BedPort quick = bed.Add();
        quick.Send(10, from: 30);
        _ = slow.Take();
        Assert.Equal(SyncStatus.Dry, sender.Sync());
        sender.Put(Frame.Make(20, 10));
        sender.Put(Frame.Make(30, 10));
        Assert.Equal(SyncStatus.Blocked, sender.Sync());
        Assert.Single(quick.Take());
        Assert.Equal(SyncStatus.Blocked, sender.Sync());
        Assert.Empty(quick.Take());
        Assert.Equal(Free, slow.Take().Count);
        Assert.Equal(SyncStatus.Dry, sender.Sync());
        Assert.Single(slow.Take());
        Assert.Empty(quick.Take());
    }

    [Fact]
    public void A_receiver_that_takes_nothing_is_waited_for_once()
    {
        using var bed = new SwitchBed(None);
        (BedPort sender, BedPort receiver) = Fill(bed, 200);
        SyncStatus first = sender.Sync();
        Assert.Equal(SyncStatus.Blocked, first);
        Assert.Equal(SyncStatus.Dry, sender.Sync());
        Assert.Equal(199 - Free, sender.Drops(DropReason.NoSpace));
        Assert.Equal(199 - Free, receiver.Port.RxRings[0].Counters.Missed);
        for (int i = 0; i < 3; i++)
        {
            sender.Send(20, from: 10);
        }

        Assert.Equal(Free, receiver.Take().Count);
        sender.Send(20, from: 10);
        Assert.Single(receiver.Take());
    }

    [Fact]
    public void A_receiver_that_leaves_is_not_waited_for_and_who_gets_its_number_gets_nothing()
    {
        using var bed = new SwitchBed(Long);
        BedPort sender = bed.Add(slots: 200);
        BedPort gone = bed.AddTransient("gone");
        gone.Send(10, from: 20);
        PutMany(sender, 100);
        Assert.Equal(SyncStatus.Blocked, sender.Sync());
        int number = gone.Number;
        gone.Dispose();
        BedPort next = bed.Add();
        Assert.Equal(number, next.Number);
        Assert.Equal(SyncStatus.Dry, sender.Sync());
        Assert.Equal(100 - Free, sender.Drops(DropReason.NoReceiver));
        Assert.Empty(next.Take());
    }

    [Fact]
    public void A_receiver_without_a_user_is_not_waited_for()
    {
        using var bed = new SwitchBed(Long);
        (BedPort sender, BedPort receiver) = Fill(bed, 200);
        Assert.Equal(SyncStatus.Blocked, sender.Sync());
        receiver.Port.RxRings[0].SetClient(null);
        Assert.Equal(SyncStatus.Dry, sender.Sync());
        Assert.Equal(199 - Free, sender.Drops(DropReason.NoReceiver));
    }

    [Fact]
    public void What_waits_when_its_sender_goes_is_dropped_before_the_next_one_comes()
    {
        using var bed = new SwitchBed(Long);
        (BedPort sender, BedPort receiver) = Fill(bed, 200, 100);
        Assert.Equal(SyncStatus.Blocked, sender.Sync());
        sender.Port.PrepareForGuest();
        Assert.Equal(100 - Free, sender.Drops(DropReason.NoSpace));
        Assert.Equal(0u, sender.Port.TxRings[0].Pending);
        Assert.Equal(Free, receiver.Take().Count);
        sender.Send(20, from: 10);
        Assert.Single(receiver.Take());
    }

    [Fact]
    public void A_receiver_is_asked_for_space_unless_it_has_some()
    {
        using var bed = new SwitchBed(Long);
        (BedPort sender, BedPort receiver) = Fill(bed, 200, 100);
        Kring tx = sender.Port.TxRings[0];
        Assert.Equal(0, sender.Port.WaitNanoseconds(tx));
        Assert.Null(sender.Port.StopperOf(tx));
        Assert.Equal(SyncStatus.Blocked, sender.Sync());
        Assert.Same(receiver.Port.RxRings[0], sender.Port.StopperOf(tx));
        Assert.InRange(sender.Port.WaitNanoseconds(tx), 1, (long)Long.TotalNanoseconds);
        Assert.True(sender.Port.TryAskForSpace(tx));
        Assert.Equal(1, receiver.Clients[0].Asked);
        _ = receiver.Take();
        Assert.False(sender.Port.TryAskForSpace(tx));
    }

    [Fact]
    public void A_packet_of_many_slots_waits_for_all_of_them()
    {
        using var bed = new SwitchBed(Long);
        (BedPort sender, BedPort receiver) = Fill(bed, 200, Free - 1);
        Assert.Equal(SyncStatus.Dry, sender.Sync());
        sender.PutFragments(Frame.Make(20, 10, 90), [50, 40]);
        Assert.Equal(SyncStatus.Blocked, sender.Sync());
        Kring tx = sender.Port.TxRings[0];
        Assert.True(sender.Port.TryAskForSpace(tx));
        Assert.Equal(Free - 1, receiver.Take().Count);
        Assert.Equal(SyncStatus.Dry, sender.Sync());
        Assert.Equal([50, 40], Assert.Single(receiver.Take()).Fragments);
    }

    [Fact]
    public void A_receiver_pulls_who_waits_for_it_and_who_sends_to_it()
    {
        using var bed = new SwitchBed(Long);
        (BedPort sender, BedPort receiver) = Fill(bed, 200, 100);
        var pulls = new List<(uint Most, bool Insists)>();
        using var user = new SendingUser(sender, (most, insists) => pulls.Add((most, insists)));
        receiver.Port.PullFeeders(receiver.Port.RxRings[0]);
        Assert.Empty(pulls);
        Assert.Equal(SyncStatus.Blocked, sender.Sync());
        receiver.Port.PullFeeders(receiver.Port.RxRings[0]);
        Assert.Empty(pulls);
        _ = receiver.Take();
        receiver.Port.PullFeeders(receiver.Port.RxRings[0]);
        Assert.Equal([((uint)Free, true)], pulls);
        Assert.Equal(SyncStatus.Dry, sender.Sync());
        _ = receiver.Take();
        receiver.Port.PullFeeders(receiver.Port.RxRings[0]);
        Assert.Equal(((uint)Free, false), pulls[^1]);

        // Whoever detaches the sender waits for that lock before its CSB goes.
        Assert.NotEmpty(user.Looks);
        Assert.DoesNotContain(false, user.Looks);
    }

    [Fact]
    public void Who_sends_here_and_there_is_not_pulled()
    {
        using var bed = new SwitchBed(Long);
        BedPort sender = bed.Add(slots: 200);
        BedPort[] receivers = [bed.Add(), bed.Add()];
        receivers[0].Send(10, from: 20);
        receivers[1].Send(10, from: 30);
        sender.Put(Frame.Make(20, 10));
        sender.Put(Frame.Make(30, 10));
        Assert.Equal(SyncStatus.Dry, sender.Sync());
        int pulls = 0;
        using var user = new SendingUser(sender, (_, _) => pulls++);
        Array.ForEach(receivers, receiver => receiver.Port.PullFeeders(receiver.Port.RxRings[0]));
        Assert.Equal(0, pulls);
    }

    private static (BedPort Sender, BedPort Receiver) Fill(SwitchBed bed, int slots, int packets = 199)
    {
        BedPort sender = bed.Add(slots);
        BedPort receiver = bed.Add();
        receiver.Send(10, from: 20);
        _ = sender.Take();
        PutMany(sender, packets);
        return (sender, receiver);
    }

    private static void PutMany(BedPort sender, int packets)
    {
        for (int i = 0; i < packets; i++)
        {
            sender.Put(Frame.Make(20, 10, seed: i));
        }
    }

    private sealed class SendingUser : IDisposable
    {
        private readonly BedPort _port;

        public SendingUser(BedPort port, Action<uint, bool> pulled)
        {
            _port = port;
            var client = new DirectClient { Pulled = pulled };
            Looks = client.Looks;
            port.Port.TxRings[0].SetClient(client);
        }

        public List<bool> Looks { get; }

        public void Dispose() => _port.Port.TxRings[0].SetClient(null);
    }
}
