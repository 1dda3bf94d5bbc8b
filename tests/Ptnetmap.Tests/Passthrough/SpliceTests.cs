using CsCheck;
using Ptnetmap.Client;
using Ptnetmap.Memory;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports.Pipes;
using Ptnetmap.Ports.Rings;
using Ptnetmap.Traffic;
using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Tests.Passthrough;

/// <summary>Ports that are connected with each other inside the host.</summary>
public sealed class SpliceTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static TheoryData<string> Policies => ["spin-then-sleep", "sleep", "spin"];

    [Fact]
    public void A_packet_goes_through_both_ways_in_the_buffer_that_it_came_in()
    {
        using var bed = new SpliceBed();
        uint buffer = bed.Left.NextTx.BufferIndex;
        Send(bed.Left, 7);
        bed.Right.AwaitPackets();
        Assert.Equal(buffer, bed.Right.PeekRx.BufferIndex);
        Assert.Equal(7u, bed.Right.Receive());
        Send(bed.Right, 8);
        bed.Left.AwaitPackets();
        Assert.Equal(8u, bed.Left.Receive());
    }

    [Fact]
    public void Both_ways_are_bounded_queues_that_lose_and_repeat_nothing_whatever_is_done() =>
        Gen.Select(Gen.Int[64, 90], Gen.Select(Gen.Int[0, 4], Gen.Int[1, 200]).Array[1, 60])
            .Sample((slots, steps) => AgreesWithModel(slots, steps), iter: 100, threads: 1);

    [Theory]
    [MemberData(nameof(Policies))]
    public void A_full_receiver_stops_the_sender_at_the_other_side_and_nothing_is_lost(string policy)
    {
        const long Frames = 200_000;
        using var bed = new SpliceBed(NotificationPolicy.Parse(policy), slots: 257);
        using GuestThread receiver = Receive(bed.Right, Frames);
        using GuestThread sender = Send(bed.Left, Frames);
        Assert.True(sender.Join(Patience));
        Assert.True(receiver.Join(Patience));
        GuestCounters counters = receiver.Program.Counters;
        Assert.Equal((Frames, 0, 0), (counters.Packets, counters.Lost, counters.Damaged));
    }

    [Fact]
    public void Ports_that_are_parted_and_connected_again_under_load_lose_nothing()
    {
        const long Frames = 200_000;
        using var bed = new SpliceBed(NotificationPolicy.SpinThenSleep, slots: 128, workers: 2);
        using GuestThread receiver = Receive(bed.Right, Frames);
        using GuestThread sender = Send(bed.Left, Frames);
        int partings = 0;
        do
        {
            bed.Reconnect();
            _ = bed.Splice.Loops.TryMoveTo(bed.Workers.Workers[partings++ % 2]);
        }
        while (!receiver.Join(TimeSpan.Zero) && partings < 1_000_000);

        GuestCounters counters = receiver.Program.Counters;
        Assert.Equal((Frames, 0, 0), (counters.Packets, counters.Lost, counters.Damaged));
    }

    [Fact]
    public void Packets_from_outside_reach_a_pipe_and_a_stopped_outlet_is_looked_at_again()
    {
        using var workers = new WorkerPool(1);
        var quiescence = new Quiescence();
        using var region = MemoryRegion.Create(
            new RegionRequest { Ports = 3, BufferSize = 128, Slots = 64, HugePages = HugePagePolicy.Off });
        using var outside = new SourcePort(region, 64, quiescence) { Room = 3 };
        (PipePort inner, PipePort outer) =
            PipePort.Create("p", 1, region, region, PortShape.Symmetric(1, 64), quiescence);
        using (inner)
        using (outer)
        using (Splice.Connect(outside, inner, workers, NotificationPolicy.Sleep, quiescence))
        {
            using GuestAttachment attachment =
                GuestAttachment.Attach(outer, workers, NotificationPolicy.Sleep, quiescence);
            var guest = new HandGuest(attachment);
            for (uint i = 0; i < 200; i++)
            {
                outside.Source.Put(i);
            }

            for (uint i = 0; i < 200; i++)
            {
                guest.AwaitPackets();
                Assert.Equal(i, guest.Receive());
            }

            guest.Send(1, 2, 3, 4, 5);
            guest.Attachment.Assist();
            SourceBed.Await(() => outside.Room == 0);
            outside.Room = 10;
            SourceBed.Await(() => outside.TxRings[0].Counters.Packets == 5);
            Assert.Equal([1u, 2u, 3u, 4u, 5u], outside.Sent);
        }
    }

    [Fact]
    public void A_source_whose_bursts_follow_each_other_is_not_waited_for_until_they_end()
    {
        using var workers = new WorkerPool(1);
        var quiescence = new Quiescence();
        using var region = MemoryRegion.Create(
            new RegionRequest { Ports = 2, BufferSize = 128, Slots = 1024, HugePages = HugePagePolicy.Off });
        using var outside = new SourcePort(region, 1024, quiescence);
        using var sink = new SourcePort(region, 1024, quiescence);
        using (Splice.Connect(outside, sink, workers, NotificationPolicy.SpinThenSleep, quiescence))
        {
            // Not every burst comes soon enough after the last one: this thread, or the worker, may be kept from its
            // CPU.
            uint put = 0;
            SourceBed.Await(() =>
            {
                for (int i = 0; i < 32; i++)
                {
                    outside.Source.Put(put++);
                }

                SourceBed.Await(() => sink.TxRings[0].Counters.Packets == put);
                return outside.Source.Ignored > 10;
            });
            SourceBed.Await(() => outside.Source.IsExpected);
            outside.Source.Put(put);
            SourceBed.Await(() => sink.TxRings[0].Counters.Packets == put + 1);
            Assert.Equal(Enumerable.Range(0, (int)put + 1).Select(number => (uint)number), sink.Sent);
        }
    }

    [Fact]
    public void A_pass_allocates_nothing()
    {
        using var bed = new SpliceBed();
        RingClient loop = bed.Inner[1].TxRings[0].Client!;
        long allocated = 0;
        for (uint i = 0; i < 300; i++)
        {
            bed.Left.Send(i);
            bed.Left.Attachment.Assist();
            long before = GC.GetAllocatedBytesForCurrentThread();
            loop.RunPass();
            allocated += i < 100 ? 0 : GC.GetAllocatedBytesForCurrentThread() - before;
            bed.Right.AwaitPackets();
            Assert.Equal(i, bed.Right.Receive());
        }

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void What_cannot_be_connected_is_refused_with_the_reason()
    {
        using var bed = new SpliceBed();
        using var other = new PassthroughBed();
        AssertRefused(bed.Inner[0], bed.Inner[0], "itself");
        AssertRefused(bed.Inner[0], other.Port(0), "one trust domain");
        AssertRefused(bed.Inner[0], bed.Inner[1], "has a guest already");

        void AssertRefused(PipePort left, PipePort right, string reason)
        {
            var refusal = Assert.Throws<InvalidOperationException>(
                () => Splice.Connect(left, right, bed.Workers, NotificationPolicy.Sleep, bed.Quiescence));
            Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        }
    }

    // What was sent and not yet received is in a queue of at most the rings on the way; what is received is its front.
    private static bool AgreesWithModel(int slots, (int Action, int Count)[] steps)
    {
        using var bed = new SpliceBed(slots: slots);
        Queue<uint>[] onTheWay = [new(), new()];
        HandGuest[] guests = [bed.Left, bed.Right];
        uint number = 0;
        foreach ((int action, int count) in steps)
        {
            int side = action % 2;
            for (int i = 0; action < 2 && i < count && guests[side].TxSpace > 0; i++)
            {
                Send(guests[side], ++number);
                onTheWay[side].Enqueue(number);
            }

            for (int i = 0; action is 2 or 3 && i < count && guests[side].RxAvailable > 0; i++)
            {
                Assert.Equal(onTheWay[1 - side].Dequeue(), guests[side].Receive());
            }

            if (action == 4)
            {
                bed.Reconnect();
            }

            Assert.All(onTheWay, queue => Assert.True(queue.Count <= 4 * (slots - 1)));
        }

        for (int side = 0; side < 2; side++)
        {
            while (onTheWay[1 - side].TryDequeue(out uint expected))
            {
                guests[side].AwaitPackets();
                Assert.Equal(expected, guests[side].Receive());
            }

            Assert.Equal(0u, guests[side].RxAvailable);
        }

        uint[] buffers = [.. bed.AllRings.SelectMany(ring => ring.Slots.ToArray()).Select(slot => slot.BufferIndex)];
        return buffers.Distinct().Count() == buffers.Length;
    }

    private static void Send(HandGuest guest, uint number)
    {
        guest.AwaitSpace();
        guest.Send(number);
        _ = guest.KickTx();
    }

    private static GuestThread Send(HandGuest guest, long frames) =>
        Start(new Sender(Open(guest), new TrafficSpec { Limit = frames }), "sender");

    private static GuestThread Receive(HandGuest guest, long frames) =>
        Start(new Receiver(Open(guest), new ReceiverOptions { Verify = true, Limit = frames }), "receiver");

    private static GuestThread Start(GuestProgram program, string name)
    {
        var thread = new GuestThread(program, name);
        thread.Start();
        return thread;
    }

    private static NetmapPort Open(HandGuest guest)
    {
        GuestAttachment door = guest.Attachment;
        return NetmapPort.Open(
            new LocalChannel(door.Region, door.InterfaceOffset, door.Csb, door.Kicks, door.Interrupts, door.Assist));
    }
}
