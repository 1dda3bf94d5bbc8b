using System.Net;
using System.Net.Sockets;
using Ptnetmap.Client;
using Ptnetmap.HostPorts.Nic;
using Ptnetmap.HostPorts.Supervision;
using Ptnetmap.HostPorts.Tap;
using Ptnetmap.Linux.Net;
using Ptnetmap.Memory;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports.Rings;
using Ptnetmap.Traffic;
using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Tests.HostPorts;

/// <summary>Network namespaces that are deleted, and interfaces, while frames flow as fast as they can.</summary>
public class NamespaceDeletedTests
{
    [Fact]
    public void A_NIC_port_lets_its_namespace_go_and_has_the_interface_again_when_both_come_back()
    {
        Needs.Xdp();
        using var space = new NamedNamespace();
        using var bed = new VethBed(slots: 256);
        bed.Supervisor.Remove(bed.RightLink);
        using (NetworkNamespace target = space.Open())
        {
            bed.Veth.RightLinks.Move(bed.Veth.Right, target);
        }

        SetUp(space, "right");
        NicLink link = bed.Add(bed.Right, new NicOptions { Interface = "right", Namespace = space.Name, Queues = 1 });
        VethBed.Await(() => bed.LeftLink.State == NicState.Up, "the other end to be up");
        Receiver receiver = bed.Run(new Receiver(bed.Attach(bed.Right), new ReceiverOptions { Verify = true }));
        _ = bed.Run(new Sender(bed.Attach(bed.Left), new TrafficSpec()));
        VethBed.Await(() => receiver.Counters.Packets > 1000, "traffic");

        // Nobody keeps the namespace: its end of the veth is gone, and so is the other end.
        space.Delete();
        VethBed.Await(() => (link.State, bed.LeftLink.State) == (NicState.Gone, NicState.Gone),
            "the namespace to be gone");
        Assert.Contains($"network namespace {space.Name} was deleted", link.Note, StringComparison.Ordinal);
        Assert.Equal("gone", bed.Right.Describe().Link);
        Assert.False(bed.Right.IsConnected);
        AllBuffersAreInTheirSlots(bed.Right);

        space.Add();
        using (NetworkNamespace target = space.Open())
        {
            bed.Veth.LeftLinks.CreateVeth("left", "right", 1, target);
        }

        SetUp(space, "right");
        bed.Veth.LeftLinks.SetUp(bed.Veth.LeftLinks.TryGet("left")!.Index);
        VethBed.Await(() => (link.State, bed.LeftLink.State) == (NicState.Up, NicState.Up), "both ports to come back");
        long before = receiver.Counters.Packets;
        VethBed.Await(() => receiver.Counters.Packets > before + 1000, "traffic again");
        Assert.Equal((0, 0), (receiver.Counters.Damaged, receiver.Counters.Duplicated));
        bed.Supervisor.Remove(link);
        AllBuffersAreInTheirSlots(bed.Right);
    }

    // One or the other, under a flood from the kernel and another from the guest.
    [Theory]
    [InlineData("namespace", 1)]
    [InlineData("namespace", 2)]
    [InlineData("interface", 1)]
    [InlineData("interface", 2)]
    public void A_TAP_port_ends_cleanly_under_a_flood(string deleted, int queues)
    {
        using var space = new NamedNamespace();
        using var workers = new WorkerPool(1);
        using var supervisor = new NicSupervisor();
        var quiescence = new Quiescence();
        using MemoryRegion region = MemoryRegion.Create(new RegionRequest
        {
            Ports = 1,
            RingPairs = queues,
            Slots = 128,
            HugePages = HugePagePolicy.Off,
        });
        uint free = region.BufferPool.Free;
        var options =
            new TapPortOptions { Interface = "flooded", NetworkNamespace = space.Name, Queues = queues, Slots = 128 };
        TapPort port = TapPort.Create("tap:flooded", region, options, quiescence);
        _ = supervisor.Add(new TapLink(port, options));
        space.Run(() =>
        {
            using var links = new Links();
            links.AddAddress(links.TryGet("flooded")!.Index, IPAddress.Parse("10.7.0.1"), 24);
        });
        GuestAttachment guest = GuestAttachment.Attach(port, workers, NotificationPolicy.SpinThenSleep, quiescence);
        var channel = new LocalChannel(
            guest.Region, guest.InterfaceOffset, guest.Csb, guest.Kicks, guest.Interrupts, guest.Assist);
        var end = NetmapPort.Open(channel);
        using (var sender = new GuestThread(new Sender(end, new TrafficSpec()), "sender"))
        using (var receiver = new GuestThread(new Receiver(end), "receiver"))
        using (var flood = new Flood(space))
        {
            sender.Start();
            receiver.Start();
            VethBed.Await(() => receiver.Program.Counters.Packets > 1000 && sender.Program.Counters.Packets > 1000,
                "both floods");
            Delete(space, deleted);
            VethBed.Await(() => string.Equals(port.Describe().Link, "gone", StringComparison.Ordinal),
                "the port to notice");
            Assert.Contains(deleted, port.Describe().Note, StringComparison.Ordinal);
            VethBed.Await(() => port.RxRings.All(ring => port.SourceOf(ring)!.IsGone), "the queues to end");
            long dropped = LinkDown(port);
            VethBed.Await(() => LinkDown(port) > dropped + 100, "what the guest sends to be dropped and counted");

            // What is in its rings still comes, whenever its thread is let on a CPU; after that there is nothing left.
            VethBed.Await(() => IsStill(receiver.Program), "the receiver to have no more");
            Assert.Equal((null, null), (sender.Failure, receiver.Failure));
        }

        guest.Dispose();
        port.Dispose();
        Assert.Equal(free, region.BufferPool.Free);
    }

    [Theory]
    [InlineData("82 25 0:4 net:[4026532208] /run/netns/blue rw shared:9 - nsfs nsfs rw", 4026532208UL)]
    [InlineData("82 25 0:4 net:[4026532208] /run/netns/blue", 4026532208UL)]
    [InlineData("82 25 0:4 mnt:[4026532208] /run/netns/blue rw - nsfs nsfs rw", 0UL)]
    [InlineData("82 25 0:4 net:[] /run/netns/blue rw - nsfs nsfs rw", 0UL)]
    [InlineData("82 25 0:4 net:[-1] /run/netns/blue rw - nsfs nsfs rw", 0UL)]
    [InlineData("82 25 0:4 net:[99999999999999999999999] /run/netns/blue rw", 0UL)]
    [InlineData("82 25 0:4 net:[4026532208]", 0UL)]
    [InlineData("", 0UL)]
    public void The_table_of_mounts_has_the_numbers_of_namespaces_by_their_files(string line, ulong id) =>
        Assert.Equal(id, NamespaceNames.Parse([line]).GetValueOrDefault("/run/netns/blue"));

    [Fact]
    public void A_name_is_a_path_below_the_usual_folder_or_a_path()
    {
        Assert.Equal("/run/netns/blue", NamespaceNames.PathOf("blue"));
        Assert.Equal("/var/x", NamespaceNames.PathOf("/var/./x"));
    }

    private static void Delete(NamedNamespace space, string deleted)
    {
        if (deleted is "namespace")
        {
            space.Delete();
            return;
        }

        space.Run(() =>
        {
            using var links = new Links();
            Assert.True(links.TryDelete(links.TryGet("flooded")!.Index));
        });
    }

    private static bool IsStill(GuestProgram program)
    {
        long before = program.Counters.Packets;
        return !SpinWait.SpinUntil(() => program.Counters.Packets != before, TimeSpan.FromMilliseconds(100));
    }

    private static long LinkDown(TapPort port) => port.TxRings.Sum(ring => ring.Counters.Drops.Of(DropReason.LinkDown));

    private static void SetUp(NamedNamespace space, string name) => space.Run(() =>
    {
        using var links = new Links();
        links.SetUp(links.TryGet(name)!.Index);
    });

    private static void AllBuffersAreInTheirSlots(NicPort port)
    {
        uint[] all = [.. port.RxRings.Concat(port.TxRings).SelectMany(ring => ring.Ring.Slots.ToArray())
            .Select(slot => slot.BufferIndex)];
        Assert.All(all, index => Assert.True(port.Region.Buffers.IsValid(index)));
        Assert.Equal(all.Length, all.Distinct().Count());
    }

    // Broadcasts of a kernel, as fast as one thread sends them, until the end.
    private sealed class Flood : IDisposable
    {
        private readonly UdpClient _socket;
        private readonly Thread _thread;
        private volatile bool _stop;

        internal Flood(NamedNamespace space)
        {
            _socket = space.Run(() => new UdpClient { EnableBroadcast = true });
            _thread = new Thread(Run) { IsBackground = true };
            _thread.Start();
        }

        public void Dispose()
        {
            _stop = true;
            _thread.Join();
            _socket.Dispose();
        }

        private void Run()
        {
            var target = new IPEndPoint(IPAddress.Parse("10.7.0.255"), 9);
            byte[] datagram = new byte[18];
            while (!_stop)
            {
                try
                {
                    _ = _socket.Client.SendTo(datagram, target);
                }
                catch (SocketException)
                {
                    // There is no such network any more.
                    Thread.Yield();
                }
            }
        }
    }
}
