using Ptnetmap.Memory;
using Ptnetmap.MicroVm;
using Ptnetmap.MicroVm.Programs;
using Ptnetmap.Passthrough;
using Ptnetmap.Traffic;
using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Integration.Tests.MicroVm;

/// <summary>Machines that send, receive, return and pass on: every frame arrives once, whole and in order.</summary>
public class TrafficTests
{
    [Theory]
    [InlineData(64, 1, 60)]
    [InlineData(1000, 1, 40)]
    [InlineData(1023, 1, 64)]
    [InlineData(256, 3, 65)]
    [InlineData(1024, 1, 71)]
    [InlineData(512, 2, 1500)]
    [InlineData(128, 1, 2112)]
    public void Two_machines_exchange_whole_frames_over_a_pipe(int slots, int ringPairs, int length)
    {
        const int packets = 200_000;
        using var bed = new MachineBed();
        (GuestAttachment first, GuestAttachment second) =
            bed.Pipe(bed.Region(2, slots, ringPairs), slots, ringPairs);
        MicroVirtualMachine receiver = bed.Machine(new ReceiverProgram { Verify = true, Packets = packets }, second);
        MicroVirtualMachine sender = bed.Machine(
            new SenderProgram { Traffic = new() { FrameLength = length, Limit = packets, Burst = 100 } }, first);
        MachineBed.AssertEnded(sender);
        MachineBed.AssertEnded(receiver);
        MachineBed.AssertClean(receiver.Counters, packets);
        Assert.Equal((long)packets * length, receiver.Counters.Bytes);
        Assert.Equal(receiver.Counters.Bytes, sender.Counters.Bytes);
    }

    [Fact]
    public void A_machine_receives_what_a_thread_sends()
    {
        const int packets = 100_000;
        using var bed = new MachineBed();
        (GuestAttachment first, GuestAttachment second) = bed.Pipe(bed.Region(2, 512), 512);
        MicroVirtualMachine receiver = bed.Machine(new ReceiverProgram { Verify = true, Packets = packets }, second);
        _ = bed.Thread(port => new Sender(port, new TrafficSpec { Limit = packets }), first);
        MachineBed.AssertEnded(receiver);
        MachineBed.AssertClean(receiver.Counters, packets);
    }

    [Fact]
    public void A_thread_receives_what_a_machine_sends()
    {
        const int packets = 100_000;
        using var bed = new MachineBed();
        (GuestAttachment first, GuestAttachment second) = bed.Pipe(bed.Region(2, 512), 512);
        GuestThread receiver = bed.Thread(
            port => new Receiver(port, new ReceiverOptions { Verify = true, Limit = packets }), second);
        MicroVirtualMachine sender =
            bed.Machine(new SenderProgram { Traffic = new() { FrameLength = 123, Limit = packets } }, first);
        Assert.True(receiver.Join(MachineBed.Patience), $"sender: {sender.State} {sender.Counters}");
        GuestCounters counters = receiver.Program.Counters;
        Assert.Equal(packets, counters.Packets);
        Assert.Equal((0, 0, 0, 0), (counters.Lost, counters.Duplicated, counters.Reordered, counters.Damaged));
    }

    [Fact]
    public void Ping_gets_every_frame_back_from_echo()
    {
        const int packets = 2_000;
        using var bed = new MachineBed();
        (GuestAttachment first, GuestAttachment second) = bed.Pipe(bed.Region(2, 100), 100);
        MicroVirtualMachine echo = bed.Machine(new EchoProgram(), second);
        MicroVirtualMachine ping = bed.Machine(
            new PingProgram { Traffic = new() { Limit = packets, Patience = TimeSpan.FromSeconds(60) } }, first);
        MachineBed.AssertEnded(ping);
        long[] buckets = new long[LatencyHistogram.Buckets];
        ping.ReadHistogram(buckets);
        Assert.Equal((packets, 0), (ping.Counters.Packets, ping.Counters.Lost));
        Assert.Equal(packets, buckets.Sum());

        // It counts after it published.
        echo.Stop(MachineBed.Patience);
        Assert.Equal(packets, echo.Counters.Packets);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_forwarder_passes_everything_on(bool sameRegion)
    {
        const int packets = 100_000;
        using var bed = new MachineBed();
        MemoryRegion here = bed.Region(4, 300);
        MemoryRegion there = sameRegion ? here : bed.Region(2, 300);
        (GuestAttachment source, GuestAttachment left) = bed.Pipe(here, 200);
        (GuestAttachment right, GuestAttachment sink) = bed.Pipe(there, 300);
        MicroVirtualMachine receiver = bed.Machine(new ReceiverProgram { Verify = true, Packets = packets }, sink);
        MicroVirtualMachine forwarder = bed.Machine(new ForwarderProgram { BothWays = true }, left, right);
        MicroVirtualMachine sender =
            bed.Machine(new SenderProgram { Traffic = new() { FrameLength = 333, Limit = packets } }, source);
        MachineBed.AssertEnded(sender);
        MachineBed.AssertEnded(receiver);
        MachineBed.AssertClean(receiver.Counters, packets);

        // It counts after it published.
        forwarder.Stop(MachineBed.Patience);
        Assert.Equal(packets, forwarder.Counters.Packets);
    }

    [Fact]
    public void A_paced_sender_keeps_its_rate_and_receivers_tell_the_latency()
    {
        const int packets = 20_000;
        const int rate = 50_000;
        using var bed = new MachineBed();
        (GuestAttachment first, GuestAttachment second) = bed.Pipe(bed.Region(2, 1024), 1024);
        MicroVirtualMachine receiver = bed.Machine(
            new ReceiverProgram { Verify = true, Latency = true, Packets = packets }, second);
        MicroVirtualMachine sender = bed.Machine(
            new SenderProgram { Traffic = new() { Rate = rate, Limit = packets, Timestamps = true } }, first);
        MachineBed.AssertEnded(sender);
        MachineBed.AssertEnded(receiver);
        MachineBed.AssertClean(receiver.Counters, packets);
        long[] buckets = new long[LatencyHistogram.Buckets];
        receiver.ReadHistogram(buckets);
        Assert.Equal(packets, buckets.Sum());

        // Never faster than asked for, but for the millisecond that it may make up.
        double seconds = sender.GuestTicks / (sender.TscKilohertz * 1000.0);
        Assert.InRange(seconds, ((double)packets / rate) - 0.002, MachineBed.Patience.TotalSeconds);
    }
}
