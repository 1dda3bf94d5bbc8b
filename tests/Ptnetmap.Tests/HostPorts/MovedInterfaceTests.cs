using Ptnetmap.Client;
using Ptnetmap.HostPorts.Ledger;
using Ptnetmap.HostPorts.Nic;
using Ptnetmap.HostPorts.Supervision;
using Ptnetmap.Linux.Net;
using Ptnetmap.Tests.Daemon;

namespace Ptnetmap.Tests.HostPorts;

/// <summary>NICs that somebody moves to another network namespace while a port has them.</summary>
public sealed class MovedInterfaceTests
{
    [Fact]
    public void What_a_port_changed_is_undone_where_its_interface_is_now_and_it_has_it_again_when_it_is_back()
    {
        Needs.Xdp();
        using var target = new NamedNamespace();
        using var bed = new MovingBed();
        bed.Move(target.Open);
        VethBed.Await(() => bed.Link.State is NicState.Gone, "the port to lose its interface");
        bed.Supervisor.Renew(bed.Link);
        Assert.Equal($"right was moved to network namespace {target.Name}", bed.Link.Note);
        Assert.Empty(bed.Left);
        Assert.Empty(bed.Noted);
        target.Run(() =>
        {
            using var moved = new EthtoolDevice("right");
            Assert.Equal(VlanOffloads.Both, moved.TryReadVlanOffloads());
        });

        bed.MoveBack(target);
        VethBed.Await(() => bed.Link.State is NicState.Up, "the port to have it again");
        bed.AssertReceives();
    }

    [Fact]
    public void What_cannot_be_undone_because_nobody_can_go_there_is_told_with_its_remedy_and_stays_noted()
    {
        Needs.Xdp();
        using NetworkNamespace hidden = NetworkNamespace.Create();
        using var bed = new MovingBed();
        string noted = Assert.Single(bed.Noted);
        bed.Move(() => NetworkNamespace.OpenNamed($"/proc/self/fd/{hidden.Descriptor.Number}"));
        VethBed.Await(() => bed.Link.State is NicState.Gone, "the port to lose its interface");
        bed.Supervisor.Renew(bed.Link);
        Assert.Equal("right was moved to a network namespace that has neither a name nor a process", bed.Link.Note);
        Assert.Contains("ethtool -K right rxvlan on", Assert.Single(bed.Left), StringComparison.Ordinal);
        Assert.Equal(noted, Assert.Single(bed.Noted));
    }

    [Fact]
    public void An_interface_that_went_and_came_back_before_anybody_looked_is_opened_anew()
    {
        Needs.Xdp();
        using var target = new NamedNamespace();
        using var bed = new MovingBed();

        // The supervisor tells that the other port's link is down, and looks at nothing meanwhile.
        using var went = new ManualResetEventSlim();
        bed.Supervisor.Changed = changed =>
        {
            if (changed != bed.Link && !went.IsSet)
            {
                bed.Move(target.Open);
                bed.MoveBack(target);
                went.Set();
            }
        };
        bed.Veth.LeftLinks.SetUp(bed.Veth.Left, up: false);
        Assert.True(went.Wait(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
        bed.Veth.LeftLinks.SetUp(bed.Veth.Left);
        VethBed.Await(() => bed.Link.State is NicState.Up && bed.Link.Device is { IsBound: true },
            "the port to have it again");
        bed.AssertReceives();
    }

    // A pair of ports, the right one's changes noted in a file.
    private sealed class MovingBed : IDisposable
    {
        private readonly TemporaryFolder _folder = new();
        private readonly VethBed _bed = new(slots: 64);
        private readonly NicLink _leftLink;

        internal MovingBed()
        {
            _bed.Supervisor.Remove(_bed.RightLink);
            _bed.Supervisor.Remove(_bed.LeftLink);
            var programs = new InterfacePrograms(new NicLedger(_folder["changes"]));
            Supervisor = new NicSupervisor { Left = (_, what) => Left.Add(what) };
            Link = Supervisor.Add(new NicLink(_bed.Right, _bed.Options("right", _bed.Veth.RightSpace), programs));
            _leftLink = Supervisor.Add(new NicLink(_bed.Left, _bed.Options("left", _bed.Veth.LeftSpace), programs));
        }

        internal VethPair Veth => _bed.Veth;

        internal NicSupervisor Supervisor { get; }

        internal NicLink Link { get; }

        internal SynchronizedList<string> Left { get; } = [];

        // Of the right interface.
        internal string[] Noted =>
            [.. File.ReadAllLines(_folder["changes"])
                .Where(line => line.StartsWith("rxvlan right ", StringComparison.Ordinal))];

        internal void Move(Func<NetworkNamespace> target)
        {
            using NetworkNamespace space = target();
            Veth.RightLinks.Move(Veth.Right, space);
        }

        internal void MoveBack(NamedNamespace from)
        {
            from.Run(() =>
            {
                using var links = new Links();
                links.Move(links.TryGet("right")!.Index, Veth.RightSpace);
            });
            Veth.RightLinks.SetUp(Veth.RightLinks.TryGet("right")!.Index);
        }

        internal void AssertReceives()
        {
            VethBed.Await(() => _leftLink.HasCarrier, "the other port's carrier");
            NetmapPort left = _bed.Attach(_bed.Left);
            NetmapPort right = _bed.Attach(_bed.Right);
            VethBed.AwaitBuffers(_bed.Right);
            VethBed.Send(left, [new byte[60]]);
            Assert.Equal(60, Assert.Single(VethBed.Receive(right, 1)).Length);
        }

        public void Dispose()
        {
            Supervisor.Dispose();
            _bed.Dispose();
            _folder.Dispose();
        }
    }
}
