using Ptnetmap.Client;
using Ptnetmap.Tests.Client;
using Ptnetmap.Traffic;
using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Tests.Traffic;

public sealed class ProgramTests
{
    [Theory]
    [InlineData(64, 256, 60)]
    [InlineData(65, 7, 60)]
    [InlineData(67, 66, 40)]
    [InlineData(100, 1, 128)]
    [InlineData(1000, 333, 61)]
    public void Rings_of_any_size_bring_every_frame_once_and_in_order(int slots, int burst, int frame)
    {
        using var host = new HandHost(slots);
        NetmapPort port = host.Open();
        var sender = new Sender(port, new TrafficSpec { Burst = burst, FrameLength = frame, Limit = 10_000 });
        var receiver = new Receiver(port, new ReceiverOptions { Verify = true, Limit = 10_000 });
        for (int turn = 0; !receiver.IsFinished; turn++)
        {
            Assert.InRange(turn, 0, 100_000);
            _ = sender.Step();
            _ = host.LoopBack();
            _ = receiver.Step();
        }

        GuestCounters seen = receiver.Counters;
        Assert.Equal((10_000, 10_000L * frame), (seen.Packets, seen.Bytes));
        Assert.Equal((0, 0, 0, 0, 0), (seen.Lost, seen.Duplicated, seen.Reordered, seen.Damaged, seen.BadSlots));
        Assert.True(sender.IsFinished);
        Assert.Equal(10_000, sender.Counters.Packets);
    }

    [Theory]
    [InlineData(1, 1, 334, 333)]
    [InlineData(7, 1, 334, 333)]
    [InlineData(256, 1, 334, 333)]
    [InlineData(7, 3, 334, 333)]
    [InlineData(64, 256, 488, 256)]
    public void Destinations_have_their_turn_and_a_stream_each(int burst, int turn, long first, long others)
    {
        using var host = new HandHost();
        NetmapPort port = host.Open();
        MacAddress[] destinations = [.. Enumerable.Range(10, 3).Select(number => MacAddress.Local((ushort)number))];
        var sender = new Sender(
            port, new TrafficSpec
            {
                Burst = burst,
                Turn = turn,
                Limit = 1000,
                Destination = destinations[0],
                MoreDestinations = destinations[1..],
            });
        long[] counts = new long[3];
        while (!sender.IsFinished)
        {
            _ = sender.Step();
            foreach (SlotWord slot in host.Take(host.Pending))
            {
                ReadOnlySpan<byte> frame = host.Region.Buffers[slot.BufferIndex];
                Assert.True(TestFrame.TryRead(frame, slot.Length, out ulong sequence, out _));
                int destination = (int)(counts.Sum() / turn % 3);
                Assert.Equal((ulong)counts[destination]++, sequence);
                Assert.Equal(destinations[destination], MacAddress.Read(frame));
            }
        }

        Assert.Equal([first, others, 1000 - first - others], counts);
        Assert.Equal(counts, Enumerable.Range(0, 3).Select(sender.PacketsTo));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public void Senders_are_told_apart(bool verify, long lost)
    {
        using var host = new HandHost();
        MacAddress[] sources = [MacAddress.Local(21), MacAddress.Local(22)];
        var receiver = new Receiver(host.Open(), new ReceiverOptions { Verify = verify, Sources = sources });
        foreach ((int source, ulong sequence) in ((int, ulong)[])[(0, 0), (1, 0), (1, 1), (0, 1), (1, 3), (2, 0)])
        {
            host.FillTest(sequence, source: MacAddress.Local((ushort)(21 + source)));
        }

        host.Show();
        Assert.True(receiver.Step());
        Assert.Equal((2, 3), (receiver.PacketsFrom(0), receiver.PacketsFrom(1)));

        // Frame 2 of the second sender is lost, and the last one is of a stranger.
        GuestCounters seen = receiver.Counters;
        Assert.Equal((6, lost, 0, 1, 0), (seen.Packets, seen.Lost, seen.Reordered, seen.Damaged, seen.BadSlots));
    }

    [Fact]
    public void The_longest_time_without_a_packet_is_measured_when_asked_for()
    {
        using var host = new HandHost();
        NetmapPort port = host.Open();
        var receiver = new Receiver(port, new ReceiverOptions { Gaps = true });
        var careless = new Receiver(port);
        host.FillTest(0);
        host.Show();
        Assert.True(receiver.Step());
        Assert.Equal(0, receiver.Counters.LongestGap);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        SpinWait.SpinUntil(() => clock.ElapsedMilliseconds >= 5);
        host.FillTest(1);
        host.Show();
        Assert.True(receiver.Step());
        Assert.True(receiver.Counters.LongestGap >= 5_000_000, $"{receiver.Counters.LongestGap} ns");
        Assert.Equal(0, careless.Counters.LongestGap);
    }

    [Fact]
    public void Lost_duplicated_reordered_and_damaged_frames_are_told_apart()
    {
        using var host = new HandHost();
        var receiver = new Receiver(host.Open(), new ReceiverOptions { Verify = true });
        foreach (ulong sequence in (ulong[])[0, 1, 3, 4, 4, 7, 6, 8, 9])
        {
            host.FillTest(sequence);
        }

        // 2 and 5 are lost; 4 came twice; 6 came late; 9 is damaged; and one names no buffer.
        host.Region.Buffers[host.Rx.Slots[8].BufferIndex][50] ^= 0x10;
        host.FillTest(9);
        host.Rx.Slots[9].BufferIndex = 0;
        host.Show();
        Assert.True(receiver.Step());
        GuestCounters seen = receiver.Counters;
        Assert.Equal((2, 1, 1, 1, 1), (seen.Lost, seen.Duplicated, seen.Reordered, seen.Damaged, seen.BadSlots));
    }

    [Fact]
    public void A_receiver_that_does_not_verify_reads_the_slots_only()
    {
        using var host = new HandHost();
        var receiver = new Receiver(host.Open());
        host.Fill(new byte[100], SlotFlags.MoreFragments);
        host.Fill(new byte[20]);
        host.Fill(new byte[70]);
        host.Show();
        Assert.True(receiver.Step());
        Assert.Equal((2, 190, 0), (receiver.Counters.Packets, receiver.Counters.Bytes, receiver.Counters.Damaged));
        Assert.False(receiver.Step());
    }

    [Fact]
    public void A_sender_leaves_a_scribbled_slot_to_the_host()
    {
        using var host = new HandHost();
        host.Tx.Slots[2].BufferIndex = 999_999;
        var sender = new Sender(host.Open(), new TrafficSpec { Burst = 4 });
        Assert.True(sender.Step());
        Assert.Equal([60, 60, 0, 60], host.Take(4).Select(slot => (int)slot.Length));
        Assert.Equal((3, 1), (sender.Counters.Packets, sender.Counters.BadSlots));
    }

    [Fact]
    public void A_frame_larger_than_a_buffer_is_refused_with_the_option()
    {
        using var host = new HandHost();
        NetmapPort port = host.Open();
        var refusal = Assert.Throws<ArgumentException>(() => new Sender(port, new TrafficSpec { FrameLength = 129 }));
        Assert.Contains("--frame", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_paced_sender_sends_what_is_due_and_no_more()
    {
        using var host = new HandHost();
        var sender = new Sender(host.Open(), new TrafficSpec { Rate = 1 });
        Assert.True(sender.Step());
        Assert.False(sender.Step());
        Assert.Equal(1, sender.Counters.Packets);
    }

    [Fact]
    public void A_slow_receiver_reads_what_is_due_and_leaves_the_rest()
    {
        using var host = new HandHost();
        var receiver = new Receiver(host.Open(), new ReceiverOptions { Rate = 1 });
        host.FillTest(0);
        host.FillTest(1);
        host.Show();
        Assert.True(receiver.Step());
        Assert.False(receiver.Step());
        Assert.Equal(1, receiver.Counters.Packets);
    }

    [Fact]
    public void A_sleeper_reads_nothing_and_can_be_woken()
    {
        using var host = new HandHost();
        var sleeper = new Sleeper(host.Open());
        host.FillTest(0);
        host.Show();
        Assert.False(sleeper.Step());
        sleeper.Wake();
        sleeper.Wait(Timeout.InfiniteTimeSpan);
        Assert.Equal(0, sleeper.Counters.Packets);
    }

    [Fact]
    public void Latencies_are_recorded_for_each_frame()
    {
        using var host = new HandHost();
        NetmapPort port = host.Open();
        var sender = new Sender(port, new TrafficSpec { Timestamps = true, Burst = 5 });
        var receiver = new Receiver(port, new ReceiverOptions { Latency = true });
        _ = sender.Step();
        _ = host.LoopBack();
        _ = receiver.Step();
        Assert.Equal(5, receiver.Latency.Count);
        Assert.InRange(receiver.Latency.Percentile(100), 1, TimeSpan.FromMinutes(1).Ticks * 100);
    }

    [Fact]
    public void Steps_allocate_nothing()
    {
        using var host = new HandHost();
        NetmapPort port = host.Open();
        var sender = new Sender(port, new TrafficSpec { Timestamps = true });
        var receiver = new Receiver(port, new ReceiverOptions { Verify = true, Latency = true });
        Exchange(host, sender, receiver, 1000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Exchange(host, sender, receiver, 10_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void An_echo_answers_each_frame_once_to_where_it_came_from()
    {
        using var host = new HandHost();
        var echo = new Echo(host.Open());
        host.FillTest(5);
        host.Fill(new byte[3]);
        host.Show();
        Assert.True(echo.Step());
        SlotWord[] sent = host.Take(2);
        Span<byte> answer = host.Region.Buffers[sent[0].BufferIndex];
        Assert.True(TestFrame.TryRead(answer, sent[0].Length, out ulong sequence, out _));
        Assert.Equal(5u, sequence);
        Assert.Equal([2, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0], answer[..12].ToArray());
        Assert.Equal(2, echo.Counters.Packets);
        Assert.Throws<ArgumentException>(() => new Echo(host.Open(), 1));
    }

    private static void Exchange(HandHost host, Sender sender, Receiver receiver, int turns)
    {
        for (int i = 0; i < turns; i++)
        {
            _ = sender.Step();
            _ = host.LoopBack();
            _ = receiver.Step();

            // Alternately with nothing to read, so that waits are on the path too.
            receiver.Wait(TimeSpan.Zero);
            sender.Wait(TimeSpan.Zero);
        }
    }
}
