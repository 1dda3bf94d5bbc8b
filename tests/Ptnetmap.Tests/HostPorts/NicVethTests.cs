using Ptnetmap.Client;
using Ptnetmap.HostPorts.Nic;
using Ptnetmap.HostPorts.Supervision;
using Ptnetmap.HostPorts.Xdp;
using Ptnetmap.Linux;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports.Rings;
using Ptnetmap.Traffic;
using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Tests.HostPorts;

/// <summary>NIC ports on the real kernel: a veth pair in network namespaces of the test's own.</summary>
public class NicVethTests
{
    // A veth's queue of 256 frames then lasts a sixteenth of a second, should the kernel's thread that empties it not
    // be let on a CPU; and where frames are counted there are fewer than buffers, should the receiver's not be.
    private const long Gentle = 4_000;

    [Theory]
    [InlineData(60, null, NicMode.Copy)]
    [InlineData(61, NicMode.Copy, NicMode.Copy)]
    [InlineData(1514, null, NicMode.Copy)]
    [InlineData(1514, NicMode.Generic, NicMode.Generic)]
    public void Numbered_frames_arrive_whole_and_in_order(int frame, NicMode? wanted, NicMode got)
    {
        Needs.Xdp();
        using var bed = new VethBed(slots: 2048, options: usual => usual with { Wanted = wanted });
        Assert.Equal((got, NicState.Up), (bed.LeftLink.Device!.Mode, bed.LeftLink.State));
        Receiver receiver = bed.Run(new Receiver(bed.Attach(bed.Right), new ReceiverOptions { Verify = true }));
        VethBed.AwaitBuffers(bed.Right);
        bed.Run(new Sender(bed.Attach(bed.Left), new TrafficSpec { FrameLength = frame, Rate = Gentle, Limit = 2000 }));
        VethBed.Await(() => receiver.Counters.Packets == 2000, "2000 frames");
        GuestCounters counters = receiver.Counters;
        Assert.Equal((0, 0, 0, 0), (counters.Lost, counters.Duplicated, counters.Reordered, counters.Damaged));
        Assert.Equal(0, bed.Left.CopiedBytes + bed.Right.CopiedBytes);
        Assert.Equal(0, bed.Left.TxRings[0].Counters.Drops.Total);
    }

    [Fact]
    public void Zero_copy_that_cannot_be_had_is_refused_with_the_drivers_reason_or_noted()
    {
        Needs.Xdp();
        using var bed = new VethBed();
        NicRefusal refusal = Assert.Single(bed.LeftLink.Device!.Refusals);
        Assert.Equal(NicMode.ZeroCopy, refusal.Mode);
        Assert.Contains("zero-copy", refusal.Reason, StringComparison.Ordinal);
        bed.Supervisor.Remove(bed.LeftLink);
        LinuxException error = Assert.Throws<LinuxException>(() => bed.Add(
            bed.Left, bed.Options("left", bed.Veth.LeftSpace) with { Wanted = NicMode.ZeroCopy }));
        Assert.Contains("zero-copy", error.Message, StringComparison.Ordinal);
        Assert.False(bed.Left.IsConnected);
    }

    [Fact]
    public void Each_queue_is_a_ring_pair()
    {
        Needs.Xdp();
        using var bed = new VethBed(queues: 2);
        NetmapPort left = bed.Attach(bed.Left);
        Receiver receiver = bed.Run(new Receiver(bed.Attach(bed.Right), new ReceiverOptions()));
        VethBed.AwaitBuffers(bed.Right);
        bed.Run(new Sender(left, new TrafficSpec { Rate = Gentle, Limit = 1000 }));
        VethBed.Await(() => receiver.Counters.Packets == 1000, "1000 frames");
        Assert.Equal(2, bed.Right.Queues.Count);
        Assert.Equal(1000, bed.Right.RxRings.Sum(ring => ring.Counters.Packets));
    }

    [Fact]
    public void Two_ports_have_a_queue_each_of_one_interface_and_share_its_program()
    {
        Needs.Xdp();
        using var bed = new VethBed(queues: 2, options: usual => usual with { Queues = usual.Queues });
        bed.Supervisor.Remove(bed.LeftLink);
        NicOptions whole = bed.Options("left", bed.Veth.LeftSpace);
        var space = bed.Veth.LeftSpace;
        var programs = new InterfacePrograms();
        using NicDevice first =
            space.Run(() => NicDevice.Open("netmap:a", whole with { Queues = 1 }, bed.Left.Umem, 64, programs));
        NicFilter filter = NicFilter.Parse("udp=4789");
        using NicDevice second = space.Run(
            () => NicDevice.Open("netmap:b", whole with { FirstQueue = 1, Queues = 1, Filter = filter }, bed.Left.Umem,
                64, programs));
        Assert.Same(first.Interface, second.Interface);
        Assert.Equal((NicFilter.Everything, filter), (first.Program.Filter, second.Program.Filter));

        // A veth has no rules, and the port is told so.
        Assert.Null(first.SteeringNote);
        Assert.Contains("udp=4789", second.SteeringNote, StringComparison.Ordinal);
        LinuxException taken = Assert.Throws<LinuxException>(
            () => space.Run(() => NicDevice.Open("netmap:a", whole with { Queues = 1 }, bed.Left.Umem, 64, programs)));
        Assert.Contains("port netmap:a has queue 0", taken.Message, StringComparison.Ordinal);
        LinuxException beyond = Assert.Throws<LinuxException>(
            () => space.Run(() =>
                NicDevice.Open("netmap:b", whole with { FirstQueue = 2, Queues = 1 }, bed.Left.Umem, 64, programs)));
        Assert.Contains("has 2 queues", beyond.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_of_somebody_elses_is_left_alone_and_named()
    {
        Needs.Xdp();
        using var bed = new VethBed();
        LinuxException refusal = Assert.Throws<LinuxException>(() => bed.Veth.LeftSpace.Run(() => NicDevice.Open(
            "netmap:a", bed.Options("left", bed.Veth.LeftSpace), bed.Left.Umem, 64, new InterfacePrograms())));
        Assert.Contains("\"ptnet", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("xdp off", refusal.Message, StringComparison.Ordinal);
        Assert.True(bed.Left.IsConnected);
    }

    [Fact]
    public void The_program_is_off_once_the_port_has_let_go()
    {
        Needs.Xdp();
        using var bed = new VethBed();
        Assert.NotEqual(0u, bed.Veth.LeftLinks.TryGet("left")!.XdpProgramId);
        bed.Supervisor.Remove(bed.LeftLink);
        VethBed.Await(() => bed.Veth.LeftLinks.TryGet("left")!.XdpProgramId == 0, "the program to be off");
    }

    [Fact]
    public void An_interface_that_goes_under_load_takes_the_port_down_and_one_that_comes_back_takes_it_up()
    {
        Needs.Xdp();
        using var bed = new VethBed();
        Receiver receiver = bed.Run(new Receiver(bed.Attach(bed.Right), new ReceiverOptions { Verify = true }));
        Sender sender = bed.Run(new Sender(bed.Attach(bed.Left), new TrafficSpec()));
        VethBed.Await(() => receiver.Counters.Packets > 1000, "traffic");

        Assert.True(bed.Veth.LeftLinks.TryDelete(bed.Veth.Left));
        VethBed.Await(() => (bed.LeftLink.State, bed.RightLink.State) == (NicState.Gone, NicState.Gone),
            "both ports to notice");
        Assert.Contains("no interface left", bed.LeftLink.Note, StringComparison.Ordinal);
        long dropped = bed.Left.TxRings[0].Counters.Drops.Of(DropReason.LinkDown);
        VethBed.Await(() => bed.Left.TxRings[0].Counters.Drops.Of(DropReason.LinkDown) > dropped,
            "drops to be counted");

        bed.Veth.LeftLinks.CreateVeth("left", "right", 1, bed.Veth.RightSpace);
        bed.Veth.RightLinks.SetUp(bed.Veth.RightLinks.TryGet("right")!.Index);
        bed.Veth.LeftLinks.SetUp(bed.Veth.LeftLinks.TryGet("left")!.Index);
        VethBed.Await(() => (bed.LeftLink.State, bed.RightLink.State) == (NicState.Up, NicState.Up),
            "both ports to come back");
        long before = receiver.Counters.Packets;
        VethBed.Await(() => receiver.Counters.Packets > before + 1000, "traffic again");
        Assert.Equal((0, 0), (receiver.Counters.Damaged, receiver.Counters.Duplicated));
        Assert.NotEqual(0, sender.Counters.Packets);
    }

    [Fact]
    public void A_flapping_link_drops_with_a_reason_and_comes_back()
    {
        Needs.Xdp();
        using var bed = new VethBed();
        Receiver receiver = bed.Run(new Receiver(bed.Attach(bed.Right), new ReceiverOptions()));
        bed.Run(new Sender(bed.Attach(bed.Left), new TrafficSpec()));
        for (int flap = 0; flap < 3; flap++)
        {
            long before = receiver.Counters.Packets;
            VethBed.Await(() => receiver.Counters.Packets > before + 1000, "traffic");
            bed.Veth.LeftLinks.SetUp(bed.Veth.Left, up: false);
            VethBed.Await(() => bed.LeftLink.State == NicState.Down, "the port to be down");
            VethBed.Await(() => bed.Left.TxRings[0].Counters.Drops.Of(DropReason.LinkDown) > flap, "drops");
            bed.Veth.LeftLinks.SetUp(bed.Veth.Left);
            VethBed.Await(() => bed.LeftLink.State == NicState.Up, "the port to be up");
        }
    }

    [Fact]
    public void An_interface_that_is_down_at_first_is_waited_for()
    {
        Needs.Xdp();
        using var bed = new VethBed();
        bed.Supervisor.Remove(bed.LeftLink);
        bed.Veth.LeftLinks.SetUp(bed.Veth.Left, up: false);
        NicLink link = bed.Add(bed.Left, bed.Options("left", bed.Veth.LeftSpace));
        Assert.Equal(NicState.Down, link.State);
        bed.Veth.LeftLinks.SetUp(bed.Veth.Left);
        VethBed.Await(() => link.State == NicState.Up, "the port to be up");
    }

    [Fact]
    public void Frames_longer_than_the_mtu_are_dropped_until_the_mtu_allows_them()
    {
        Needs.Xdp();
        using var bed = new VethBed();
        bed.Veth.RightLinks.SetMtu(bed.Veth.Right, 1800);
        Receiver receiver = bed.Run(new Receiver(bed.Attach(bed.Right), new ReceiverOptions()));
        bed.Run(new Sender(bed.Attach(bed.Left), new TrafficSpec { FrameLength = 1700, Rate = Gentle }));
        VethBed.Await(() => bed.Left.TxRings[0].Counters.Drops.Of(DropReason.Oversize) > 100, "drops");
        Assert.Equal(0, receiver.Counters.Packets);
        bed.Veth.LeftLinks.SetMtu(bed.Veth.Left, 1800);
        VethBed.Await(() => receiver.Counters.Packets > 100, "frames of 1700 bytes");
    }

    [Fact]
    public void A_guest_that_returns_nothing_loses_its_own_frames_only_and_the_kernel_counts_them()
    {
        Needs.Xdp();
        using var bed = new VethBed(slots: 64);
        NetmapPort stuck = bed.Attach(bed.Right);
        Sender sender = bed.Run(new Sender(bed.Attach(bed.Left), new TrafficSpec()));
        VethBed.Await(() => bed.Right.Queues[0].ReadStatistics() is { FillRingEmpty: > 0 } or { ReceiveDropped: > 0 },
            "drops in the kernel");
        long sent = sender.Counters.Packets;
        VethBed.Await(() => sender.Counters.Packets > sent + 1000, "the sender to go on");
        VethBed.Await(() => bed.Right.RxRings[0].Counters.Packets == 63, "every slot but one to be full");
        Receiver receiver = bed.Run(new Receiver(stuck, new ReceiverOptions()));
        VethBed.Await(() => receiver.Counters.Packets > 1000, "the guest to receive once it gives slots back");
    }

    [Fact]
    public void A_guest_that_has_all_slots_is_asked_to_say_when_it_gives_them_back()
    {
        Needs.Xdp();
        using var bed = new VethBed(slots: 64);
        GuestAttachment guest = bed.AttachGuest(bed.Right);

        // As in a virtual machine, whose guest cannot do the host's work.
        NetmapPort right = NetmapPort.Open(
            new LocalChannel(guest.Region, guest.InterfaceOffset, guest.Csb, guest.Kicks, guest.Interrupts));
        NetmapPort left = bed.Attach(bed.Left);
        VethBed.AwaitBuffers(bed.Right);
        for (int sent = 1; sent < 64; sent++)
        {
            VethBed.Send(left, [new byte[60]]);
            VethBed.Await(() => bed.Right.RxRings[0].Counters.Packets == sent, "the frame");
        }

        Assert.Equal(63, VethBed.Receive(right, 63).Count);
        VethBed.AwaitBuffers(bed.Right);
    }

    [Fact]
    public void An_idle_port_wakes_nobody()
    {
        Needs.Xdp();
        using var bed = new VethBed();
        Receiver receiver = bed.Run(new Receiver(bed.Attach(bed.Right), new ReceiverOptions()));
        VethBed.AwaitBuffers(bed.Right);
        bed.Run(new Sender(bed.Attach(bed.Left), new TrafficSpec { Limit = 100, Rate = Gentle }));
        VethBed.Await(() => receiver.Counters.Packets == 100, "frames");

        // Hold-offs run out; after that there is nothing left that could wake the worker.
        VethBed.Await(() => IsStill(bed.Workers.Workers[0]), "the worker to sleep through");
    }

    private static bool IsStill(Worker worker)
    {
        long before = worker.WakeUps;
        return !SpinWait.SpinUntil(() => worker.WakeUps != before, TimeSpan.FromMilliseconds(300));
    }
}
