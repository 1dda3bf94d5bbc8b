using System.Runtime.CompilerServices;
using Ptnetmap.Ports.Rings;
using Ptnetmap.Tests.Ports.Offloads;

namespace Ptnetmap.Tests.Ports.Switching;

/// <summary>A receiver without space: it is told so, for it may sleep over a full ring, and its own ring counts what it
/// missed.</summary>
public sealed class FullReceiverTests
{
    private const int Free = 63;
    private static readonly byte[] NoHeader = [];
    private static readonly byte[] EmptyHeader = new byte[VnetHeader.Length];

    /// <summary>What is delivered in which way, by the headers of both and the receiver's buffers.</summary>
    public static TheoryData<string, int, int, int> Deliveries => new()
    {
        { "plain", 0, 0, 2112 },
        { "fragments", 0, 0, 2112 },
        { "smaller buffers", 0, 0, 128 },
        { "header put before", 0, VnetHeader.Length, 2112 },
        { "header left out", VnetHeader.Length, 0, 2112 },
        { "segments", VnetHeader.Length, 0, 2112 },
    };

    [Theory]
    [MemberData(nameof(Deliveries))]
    public void A_full_receiver_is_notified_once_a_pass_and_counts_what_it_missed(
        string kind, int senders, int receivers, int bufferSize)
    {
        using var bed = new SwitchBed();
        BedPort sender = bed.Add(slots: 200, headerLength: senders);
        BedPort receiver = bed.Add(bufferSize: bufferSize, headerLength: receivers);
        byte[] header = senders == 0 ? NoHeader : EmptyHeader;
        for (int i = 0; i < Free; i++)
        {
            sender.Put([.. header, .. Frame.Make(20, 10)]);
        }

        _ = sender.Sync();
        Assert.Equal(0, receiver.Port.RxRings[0].Counters.Missed);
        for (int pass = 1; pass <= 3; pass++)
        {
            int before = receiver.Clients[0].Notifications;
            PutOne(sender, kind, header);
            PutOne(sender, kind, header);
            _ = sender.Sync();
            Assert.Equal(before + 1, receiver.Clients[0].Notifications);
            Assert.Equal(2 * pass, receiver.Port.RxRings[0].Counters.Missed);
            Assert.Equal(2 * pass, sender.Drops(DropReason.NoSpace));
        }

        Assert.Equal(Free, receiver.Take().Count);
        Assert.Equal(0, sender.Port.RxRings[0].Counters.Missed);
    }

    [Fact]
    public void A_batch_that_fits_in_part_is_missed_in_part()
    {
        using var bed = new SwitchBed();
        (BedPort sender, BedPort small, BedPort large) = (bed.Add(slots: 200), bed.Add(), bed.Add(slots: 300));
        for (int i = 0; i < 100; i++)
        {
            sender.Put(Frame.Make(Frame.Everyone, 10, seed: i));
        }

        _ = sender.Sync();
        Assert.Equal(100 - Free, small.Port.RxRings[0].Counters.Missed);
        Assert.Equal(0, large.Port.RxRings[0].Counters.Missed);
    }

    [Fact]
    public void Nobody_there_and_a_packet_that_never_fits_are_not_missed()
    {
        using var bed = new SwitchBed();
        (BedPort sender, BedPort gone, BedPort tiny) = (bed.Add(), bed.Add(attach: false), bed.Add(bufferSize: 64));
        sender.PutFragments(Frame.Make(Frame.Everyone, 10, 2112 * 2), [2112, 2112]);
        _ = sender.Sync();
        Assert.Equal((1, 1), (sender.Drops(DropReason.NoReceiver), sender.Drops(DropReason.Oversize)));
        Assert.Equal((0, 0), (gone.Port.RxRings[0].Counters.Missed, tiny.Port.RxRings[0].Counters.Missed));
    }

    [Fact]
    public void Many_senders_at_once_count_each_packet_that_was_missed()
    {
        using var bed = new SwitchBed();
        BedPort receiver = bed.Add(slots: 64);
        receiver.Send(Frame.Everyone, from: 99);
        LoadSender[] senders =
        [
            .. Enumerable.Range(0, 4)
                .Select(i => new LoadSender(bed.Add(slots: 200), 99, station: i, fragments: i == 3 ? 3 : 1)),
        ];
        Kring rx = receiver.Port.RxRings[0];
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                _ = receiver.Take();
                return rx.Counters.Missed > 20_000 && senders.All(sender => sender.Dropped > 100);
            },
            TimeSpan.FromSeconds(60)));
        Array.ForEach(senders, sender => sender.Stop());
        Assert.Equal(senders.Sum(sender => sender.DroppedFor(DropReason.NoSpace)), rx.Counters.Missed);
    }

    [Fact]
    public void The_counters_of_a_ring_are_whole_cache_lines() =>
        Assert.Equal(0, Unsafe.SizeOf<RingCounters>() % 64);

    private static void PutOne(BedPort sender, string kind, byte[] header)
    {
        switch (kind)
        {
            case "fragments":
                sender.PutFragments(Frame.Make(20, 10, 90), [50, 40]);
                break;
            case "segments":
                sender.Put(TestPackets.With(
                    TestPackets.Header(new TestShape(), 100), TestPackets.Make(new TestShape(), new byte[300])));
                break;
            default:
                sender.Put([.. header, .. Frame.Make(20, 10)]);
                break;
        }
    }
}
