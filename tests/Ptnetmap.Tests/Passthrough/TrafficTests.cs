using Ptnetmap.Client;
using Ptnetmap.Memory;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports.Pipes;
using Ptnetmap.Ports.Rings;
using Ptnetmap.Traffic;
using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Tests.Passthrough;

/// <summary>Guest threads with full-rate, verified traffic, while guests come and go.</summary>
public sealed class TrafficTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static TheoryData<string, bool> PoliciesWithAndWithoutAssist => new()
    {
        { "spin-then-sleep", true },
        { "spin-then-sleep", false },
        { "sleep", true },
        { "sleep", false },
        { "spin", false },
    };

    [Theory]
    [MemberData(nameof(PoliciesWithAndWithoutAssist))]
    public void A_pipe_loses_duplicates_reorders_and_damages_nothing(string policy, bool assist)
    {
        const long Frames = 300_000;
        using var bed =
            new PassthroughBed(slots: 257, policy: NotificationPolicy.Parse(policy), quiet: policy != "spin");
        using GuestThread receiver = Receive(bed.Guest(1).Attachment, Frames, assist);
        using GuestThread sender = Send(bed.Guest(0).Attachment, Frames, assist);
        Assert.True(sender.Join(Patience));
        Assert.True(receiver.Join(Patience));
        AssertWhole(receiver.Program.Counters, Frames);
    }

    [Fact]
    public void Guests_that_come_and_go_cost_other_ports_nothing()
    {
        const long Frames = 1_000_000;
        using var bed = new PassthroughBed(pipes: 2, slots: 256, workers: 2, policy: NotificationPolicy.SpinThenSleep);
        using GuestThread receiver = Receive(bed.Guest(1).Attachment, Frames, assist: true);
        using GuestThread sender = Send(bed.Guest(0).Attachment, Frames, assist: true);
        int comings = 0;
        while (!receiver.Join(TimeSpan.Zero))
        {
            // Guests 2 and 3 share another pipe on the same workers: traffic, then one end goes, then the other, and
            // back.
            using (GuestThread busy = Send(bed.Guest(2).Attachment, 0, assist: comings % 2 == 0))
            {
                bed.Reattach(3, awaitQuiet: false);
            }

            bed.Reattach(2, awaitQuiet: false);
            comings++;
        }

        Assert.True(comings > 0);
        AssertWhole(receiver.Program.Counters, Frames);
    }

    [Fact]
    public void A_receiver_that_goes_away_in_the_middle_loses_nothing_of_a_pipe()
    {
        const long Frames = 200_000;
        using var bed = new PassthroughBed(slots: 128, policy: NotificationPolicy.SpinThenSleep);
        using GuestThread sender = Send(bed.Guest(0).Attachment, Frames, assist: true);
        long received = 0;
        while (received < Frames)
        {
            using GuestThread receiver =
                Receive(bed.Guest(1).Attachment, Math.Min(1000, Frames - received), assist: true, verify: false);
            Assert.True(receiver.Join(Patience));
            received += receiver.Program.Counters.Packets;
            bed.Reattach(1, awaitQuiet: false);
        }

        Assert.True(sender.Join(Patience));
        Assert.Equal(Frames, bed.Port(1).RxRings[0].Counters.Packets);
        Assert.Equal(Frames, received);
    }

    [Fact]
    public void A_busy_port_does_not_starve_another_on_its_worker()
    {
        using var bed = new PassthroughBed(pipes: 2, slots: 1024, policy: NotificationPolicy.Sleep);
        using GuestThread flood = Send(bed.Guest(0).Attachment, 0, assist: false);
        using GuestThread drain = Receive(bed.Guest(1).Attachment, 0, assist: false);
        for (uint i = 0; i < 500; i++)
        {
            bed.Guest(2).Send(i);
            _ = bed.Guest(2).KickTx();
            bed.Guest(3).AwaitPackets();
            Assert.Equal(i, bed.Guest(3).Receive());
        }

        Assert.True(drain.Program.Counters.Packets > 0);
    }

    [Fact]
    public void Opening_and_closing_10_000_times_with_traffic_returns_every_buffer()
    {
        using var workers = new WorkerPool(1);
        var quiescence = new Quiescence();
        using var region = MemoryRegion.Create(new RegionRequest
        {
            Ports = 2,
            Slots = 64,
            BufferSize = 128,
            HugePages = HugePagePolicy.Off,
        });
        uint free = region.BufferPool.Free;
        int lost = 0;
        for (int round = 0; round < 10_000; round++)
        {
            (PipePort master, PipePort slave) =
                PipePort.Create("link", 1, region, region, PortShape.Symmetric(1, 64), quiescence);
            var sender = new HandGuest(GuestAttachment.Attach(master, workers, NotificationPolicy.Sleep, quiescence));
            var receiver = new HandGuest(GuestAttachment.Attach(slave, workers, NotificationPolicy.Sleep, quiescence));
            sender.Send(1, 2, 3);
            sender.Attachment.Assist();
            receiver.AwaitPackets(3);
            _ = receiver.Receive();
            sender.Attachment.Dispose();
            receiver.Attachment.Dispose();
            (round % 2 == 0 ? master : slave).Dispose();
            (round % 2 == 0 ? slave : master).Dispose();
            lost += master.Memory.LostBuffers + slave.Memory.LostBuffers;
        }

        Assert.Equal(0, lost);
        Assert.Equal(free, region.BufferPool.Free);
    }

    [Fact]
    public void Counters_are_read_while_packets_flow_and_never_go_back()
    {
        const long Frames = 500_000;
        using var bed = new PassthroughBed(slots: 512, policy: NotificationPolicy.SpinThenSleep);
        using GuestThread receiver = Receive(bed.Guest(1).Attachment, Frames, assist: true);
        using GuestThread sender = Send(bed.Guest(0).Attachment, Frames, assist: true);
        RingCounters before = default;
        while (!receiver.Join(TimeSpan.Zero))
        {
            RingCounters now = bed.Port(0).TxRings[0].Counters;
            Assert.True(now.Packets >= before.Packets && now.Bytes >= before.Bytes && now.Batches >= before.Batches);
            before = now;
        }

        Assert.Equal(Frames, bed.Port(0).TxRings[0].Counters.Packets);
        Assert.Equal(60 * Frames, bed.Port(0).TxRings[0].Counters.Bytes);
    }

    private static void AssertWhole(GuestCounters counters, long frames)
    {
        Assert.Equal(frames, counters.Packets);
        Assert.Equal((0, 0, 0, 0), (counters.Lost, counters.Duplicated, counters.Reordered, counters.Damaged));
    }

    private static GuestThread Send(GuestAttachment attachment, long limit, bool assist) =>
        Start(new Sender(Open(attachment, assist), new TrafficSpec { Limit = limit, Burst = 32 }), "sender");

    private static GuestThread Receive(GuestAttachment attachment, long limit, bool assist, bool verify = true) =>
        Start(new Receiver(Open(attachment, assist), new ReceiverOptions { Limit = limit, Verify = verify }),
            "receiver");

    private static NetmapPort Open(GuestAttachment attachment, bool assist) => NetmapPort.Open(new LocalChannel(
        attachment.Region,
        attachment.InterfaceOffset,
        attachment.Csb,
        attachment.Kicks,
        attachment.Interrupts,
        assist ? attachment.Assist : null));

    private static GuestThread Start(GuestProgram program, string name)
    {
        var thread = new GuestThread(program, name);
        thread.Start();
        return thread;
    }
}
