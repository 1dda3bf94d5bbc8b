using Ptnetmap.HostPorts.Nic;
using Ptnetmap.HostPorts.Xdp;
using Ptnetmap.Linux.Net;
using Ptnetmap.MicroVm;
using Ptnetmap.MicroVm.Programs;
using Ptnetmap.Passthrough;
using Ptnetmap.Traffic;
using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Integration.Tests.HostPorts;

/// <summary>NIC ports passed to processes and to virtual machines, and two guests on the queues of one NIC. A veth
/// drops what its other end does not take fast enough: so there are fewer frames than buffers, and nothing is lost
/// however late a receiver is.</summary>
public class NicGuestTests
{
    private const int Packets = 1_000;
    private const long Gentle = 4_000;

    private static readonly int[] Queues = [0, 1];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_process_sends_to_another_process()
    {
        Needs.Xdp();
        using var bed = new VethBed();
        using ProcessPeer receiver = ProcessPeer.Start(bed.AttachGuest(bed.Right), "receive", Packets);
        VethBed.AwaitBuffers(bed.Right);
        using ProcessPeer sender = ProcessPeer.Start(bed.AttachGuest(bed.Left), "send", Packets);
        Assert.StartsWith($"counted {Packets} ", await sender.Counted(Patience), StringComparison.Ordinal);
        Assert.Equal($"counted {Packets} 0 0 0 0", await receiver.Counted(Patience));
        Assert.Equal(0, bed.Left.CopiedBytes + bed.Right.CopiedBytes);
        Assert.Equal(0, bed.Left.TxRings[0].Counters.Drops.Total);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(1514)]
    public void A_machine_sends_to_another_machine(int frame)
    {
        Needs.Kvm();
        Needs.Xdp();
        using var bed = new VethBed();
        using MicroVirtualMachine receiver =
            Machine(new ReceiverProgram { Verify = true, Packets = Packets }, bed.AttachGuest(bed.Right));
        VethBed.AwaitBuffers(bed.Right);
        using MicroVirtualMachine sender = Machine(
            new SenderProgram { Traffic = new() { FrameLength = frame, Rate = Gentle, Limit = Packets } },
            bed.AttachGuest(bed.Left));
        foreach (MicroVirtualMachine machine in (MicroVirtualMachine[])[sender, receiver])
        {
            Assert.True(machine.Wait(Patience), $"{machine.Options.Name}: still running, {machine.Counters}");
            Assert.True(machine.State == MicroVmState.Finished,
                $"{machine.Options.Name}: {machine.State} {machine.Reason}");
        }

        MicroVmCounters counters = receiver.Counters;
        Assert.Equal((Packets, (long)Packets * frame), (counters.Packets, counters.Bytes));
        Assert.Equal((0, 0, 0, 0), (counters.Lost, counters.Duplicated, counters.Reordered, counters.Damaged));
        Assert.Equal(0, bed.Left.CopiedBytes + bed.Right.CopiedBytes);
    }

    // Which queue a frame comes to is the sender's choice on a veth: the number of the queue that sent it.
    [Fact]
    public void Two_guests_on_two_queues_of_one_NIC_have_what_their_filters_say_and_the_kernel_the_rest()
    {
        Needs.Xdp();
        using var bed = new VethBed(queues: 2);
        bed.Supervisor.Remove(bed.RightLink);
        bed.Supervisor.Remove(bed.LeftLink);
        NicLink[] wire = [.. Queues.Select(queue => AddQueue(bed, "left", bed.Veth.LeftSpace, queue))];
        NicLink[] links = [.. Queues.Select(queue => AddQueue(bed, "right", bed.Veth.RightSpace, queue))];
        Receiver[] receivers =
            [.. links.Select(link =>
                bed.Run(new Receiver(bed.Attach(link.Port), new ReceiverOptions { Verify = true })))];
        Array.ForEach(links, link => VethBed.AwaitBuffers(link.Port));

        // For the first guest's address, by both queues: what comes by the second's is none of its frames.
        Send(bed, wire[0], Address(0));
        Sender second = Send(bed, wire[1], Address(0));
        VethBed.Await(() => receivers[0].Counters.Packets == Packets, "the first guest's frames");
        VethBed.Await(() => links[1].Device!.Program.ReadCounters().Filtered == Packets,
            "the second queue's to go on to the kernel");
        Assert.Equal(0, receivers[1].Counters.Packets);
        second = SendAgain(bed, second, wire[1], Address(1));
        VethBed.Await(() => receivers[1].Counters.Packets == Packets, "the second guest's frames");
        Assert.Equal(Packets, receivers[0].Counters.Packets);
        Assert.All(receivers, receiver =>
            Assert.Equal((0, 0, 0), (receiver.Counters.Lost, receiver.Counters.Damaged, receiver.Counters.Duplicated)));

        // One that goes leaves the other's program and frames alone.
        bed.Supervisor.Remove(links[0]);
        _ = SendAgain(bed, second, wire[1], Address(1));
        VethBed.Await(() => receivers[1].Counters.Packets == 2 * Packets, "the second guest's frames, alone");
    }

    private static Sender SendAgain(VethBed bed, Sender before, NicLink from, MacAddress destination)
    {
        bed.Stop(before);
        bed.Detach(from.Port);
        return Send(bed, from, destination);
    }

    private static Sender Send(VethBed bed, NicLink from, MacAddress destination) => bed.Run(new Sender(
        bed.Attach(from.Port), new TrafficSpec { Rate = Gentle, Limit = Packets, Destination = destination }));

    private static MacAddress Address(int queue) => MacAddress.Local((ushort)(queue + 7));

    private static NicLink AddQueue(VethBed bed, string name, NetworkNamespace space, int queue)
    {
        NicPort port = bed.AddPort($"{name}{queue}", slots: 1024, queues: 1);
        return bed.Add(port, bed.Options(name, space) with
        {
            FirstQueue = queue,
            Queues = 1,
            Filter = new NicFilter { Mac = Address(queue) },
        });
    }

    private static MicroVirtualMachine Machine(MicroVmProgram program, GuestAttachment port) =>
        MicroVirtualMachine.Start(new MicroVmOptions
        {
            Name = port.Port.Name,
            Program = program,
            Ports = [port],
        });
}
