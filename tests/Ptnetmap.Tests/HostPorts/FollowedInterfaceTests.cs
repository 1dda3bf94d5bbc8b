using System.Net;
using System.Net.Sockets;
using Ptnetmap.Client;
using Ptnetmap.HostPorts;
using Ptnetmap.HostPorts.Ledger;
using Ptnetmap.HostPorts.Nic;
using Ptnetmap.HostPorts.Supervision;
using Ptnetmap.HostPorts.Tap;
using Ptnetmap.Linux.Net;
using Ptnetmap.Memory;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports.Rings;
using Ptnetmap.Tests.Daemon;

namespace Ptnetmap.Tests.HostPorts;

/// <summary>Interfaces that are renamed, moved and changed while a port has them.</summary>
public sealed class FollowedInterfaceTests
{
    [Fact]
    public void A_TAP_port_goes_with_its_interface_to_another_name_namespace_and_MTU()
    {
        using var first = new NamedNamespace();
        using var second = new NamedNamespace();
        using var bed =
            new TapGuestBed(new TapPortOptions { Interface = "before", NetworkNamespace = first.Name, Slots = 128 });
        Change(first, (links, index) => links.Rename(index, "after"), "before");
        bed.Await(state => state is { Interface: "after", Link: "up" });
        VethBed.Await(() => bed.Renamed.Count == 1, "the name to be told");
        Assert.Equal(($"before in {first.Name}", $"after in {first.Name}"), bed.Renamed[0]);
        bed.AwaitFrameFrom(first, "after");

        using (NetworkNamespace target = second.Open())
        {
            Change(first, (links, index) => links.Move(index, target), "after");
        }

        // It is down there at first.
        bed.Await(state =>
            string.Equals(state.NetworkNamespace, second.Name, StringComparison.Ordinal) && state.Link is "down");
        VethBed.Await(() => (bed.Changes.Count, bed.Renamed.Count) == (1, 2), "both to be told");
        Change(second, (links, index) => links.SetUp(index), "after");
        bed.Await(state => state.Link is "up");
        VethBed.Await(() => bed.Changes.Count == 2, "the state to be told");
        Assert.Equal([NicState.Down, NicState.Up], bed.Changes);
        Assert.Equal(($"after in {first.Name}", $"after in {second.Name}"), bed.Renamed[1]);
        Change(second, (links, index) => links.SetMtu(index, 9000), "after");
        bed.Await(state => state is { Mtu: 9000, Kernel: not null });
        bed.AwaitFrameFrom(second, "after", bytes: 5000);

        // What it was made in matters no more, but what it is in does.
        first.Delete();
        Assert.Equal("up", bed.Port.Describe().Link);
        second.Delete();
        bed.Await(state => state.Link is "gone");
        Assert.Contains(second.Name, bed.Port.Describe().Note, StringComparison.Ordinal);
        VethBed.Await(() => bed.Changes.Count == 3, "the last state to be told");
        Assert.Equal(NicState.Gone, bed.Changes[^1]);
    }

    [Fact]
    public void A_TAP_that_is_deleted_is_told_of_once()
    {
        using var space = new NamedNamespace();
        using var bed =
            new TapGuestBed(new TapPortOptions { Interface = "doomed", NetworkNamespace = space.Name, Slots = 128 });
        Change(space, (links, index) => Assert.True(links.TryDelete(index)), "doomed");
        bed.Await(state => state.Link is "gone");
        VethBed.Await(() => bed.Changes.Count == 1, "the change to be told");

        // An interface of that name is somebody else's.
        using TapDevice other = space.Run(() => TapDevice.Create("doomed"));
        space.Run(other.BringUp);
        space.Delete();
        space.Add();
        bed.Await(state => state.Link is "up");
        VethBed.Await(() => bed.Changes.Count == 2, "it to be told");
        Assert.Equal([NicState.Gone, NicState.Up], bed.Changes);
    }

    [Fact]
    public void A_host_stack_port_waits_for_the_interface_that_it_was_told_whatever_that_was_called()
    {
        Needs.Xdp();
        using var space = new NamedNamespace();
        space.Run(() =>
        {
            using var links = new Links();
            links.CreateVeth("stk0", "stk1");
            links.SetUp(links.TryGet("stk0")!.Index);
            links.SetUp(links.TryGet("stk1")!.Index);
        });
        using var bed = new TapGuestBed(
            new TapPortOptions { Interface = "lead%d", NetworkNamespace = space.Name, Slots = 128, StackOf = "stk0" });
        bed.Await(state => state is { Interface: "stk0", Link: "up" });
        Change(space, (links, index) => links.Rename(index, "another"), "stk0");
        bed.Await(state => state is { Interface: "another", Link: "up" });
        Change(space, (links, index) => Assert.True(links.TryDelete(index)), "another");
        bed.Await(state => state is { Link: "gone", Note: "there is no interface stk0" });
    }

    [Fact]
    public void A_NIC_port_goes_with_its_interface_to_another_name_and_gives_it_back_by_that()
    {
        Needs.Xdp();
        using var folder = new TemporaryFolder();
        string file = folder["changes"];
        using var bed = new VethBed(slots: 64);
        bed.Supervisor.Remove(bed.RightLink);
        using var supervisor = new NicSupervisor();
        NicLink link = supervisor.Add(
            new NicLink(bed.Right, bed.Options("right", bed.Veth.RightSpace),
                new InterfacePrograms(new NicLedger(file))));
        NetmapPort left = bed.Attach(bed.Left);
        NetmapPort right = bed.Attach(bed.Right);
        bed.Veth.RightLinks.Rename(bed.Veth.Right, "other");
        VethBed.Await(() => link.InterfaceName is "other", "the new name");
        Assert.Equal(("other", "up"), (bed.Right.Describe().Interface, bed.Right.Describe().Link));
        Assert.NotNull(bed.Right.Describe().Kernel);
        Assert.StartsWith("rxvlan other ", Assert.Single(File.ReadAllLines(file)), StringComparison.Ordinal);

        // Somebody else's interface has the old name now, with the setting that the port has turned off in its own.
        bed.Veth.RightLinks.CreateVeth("right", "peer");
        using EthtoolDevice own = bed.Veth.RightSpace.Run(() => new EthtoolDevice("other"));
        using EthtoolDevice innocent = bed.Veth.RightSpace.Run(() => new EthtoolDevice("right"));
        innocent.SetVlanOffloads(VlanOffloads.None);
        VethBed.AwaitBuffers(bed.Right);
        VethBed.Send(left, [new byte[60]]);
        Assert.Equal(60, Assert.Single(VethBed.Receive(right, 1)).Length);
        supervisor.Remove(link);
        Assert.Equal((VlanOffloads.Both, VlanOffloads.None),
            (own.TryReadVlanOffloads(), innocent.TryReadVlanOffloads()));
        Assert.False(File.Exists(file));
    }

    private static void Change(NamedNamespace space, Action<Links, int> change, string name) => space.Run(() =>
    {
        using var links = new Links();
        change(links, links.TryGet(name)!.Index);
    });

    // A TAP port with a guest, looked after by a supervisor.
    private sealed class TapGuestBed : IDisposable
    {
        private readonly Quiescence _quiescence = new();
        private readonly WorkerPool _workers = new(1);
        private readonly NicSupervisor _supervisor = new();
        private readonly MemoryRegion _region;
        private readonly GuestAttachment _guest;
        private readonly NetmapPort _end;

        internal TapGuestBed(TapPortOptions options)
        {
            _supervisor.Changed = link => Changes.Add(link.State);
            _supervisor.Renamed = (link, before) => Renamed.Add((before, link.Called));
            _region = MemoryRegion.Create(new RegionRequest { Slots = options.Slots, HugePages = HugePagePolicy.Off });
            Port = TapPort.Create("tap:x", _region, options, _quiescence);
            _ = _supervisor.Add(new TapLink(Port, options));
            _guest = GuestAttachment.Attach(Port, _workers, NotificationPolicy.SpinThenSleep, _quiescence);
            _end = NetmapPort.Open(
                new LocalChannel(_guest.Region, _guest.InterfaceOffset, _guest.Csb, _guest.Kicks, _guest.Interrupts,
                    _guest.Assist));
        }

        internal TapPort Port { get; }

        internal SynchronizedList<NicState> Changes { get; } = [];

        internal SynchronizedList<(string Before, string Now)> Renamed { get; } = [];

        internal void Await(Func<HostPortState, bool> condition) =>
            VethBed.Await(() => condition(Port.Describe()), "the port to follow");

        // A broadcast of the kernel's; other frames of its own are let go. One that comes before the port has heard of
        // a new MTU is dropped, and the next one fits.
        internal void AwaitFrameFrom(NamedNamespace space, string name, int bytes = 100)
        {
            space.Run(() =>
            {
                using var links = new Links();
                links.AddAddress(links.TryGet(name)!.Index, IPAddress.Parse("10.8.0.1"), 24);
            });
            using UdpClient sender = space.Run(() => new UdpClient { EnableBroadcast = true });
            RxRing rx = _end.RxRings[0];
            int length = 0;
            for (int tries = 0; length < bytes; tries++)
            {
                Assert.NotEqual(300, tries);
                _ = sender.Send(new byte[bytes], new IPEndPoint(IPAddress.Parse("10.8.0.255"), 9));
                _ = rx.WaitForPackets(TimeSpan.FromMilliseconds(100));
                for (; rx.Available != 0; rx.Release(1))
                {
                    length += rx.Frame(0).Length;
                }

                _ = rx.RxSync();
            }
        }

        public void Dispose()
        {
            _guest.Dispose();
            Port.Dispose();
            _supervisor.Dispose();
            _workers.Dispose();
            _region.Dispose();
        }
    }
}
