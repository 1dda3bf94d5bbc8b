using Ptnetmap.HostPorts.Nic;
using Ptnetmap.HostPorts.Supervision;
using Ptnetmap.HostPorts.Tap;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.Tests.HostPorts;

/// <summary>Looks at interfaces that fall before, between and after the events of one change: the outcome is the same.
/// Nobody else looks; the tests say when.</summary>
public sealed class LinkOrderTests
{
    [Fact]
    public void A_renewal_before_the_event_of_a_move_finds_where_the_interface_went_all_the_same()
    {
        Needs.Xdp();
        using var target = new NamedNamespace();
        using var bed = new NicLinkBed();
        using (NetworkNamespace space = target.Open())
        {
            bed.Links.Move(bed.Index, space);
        }

        bed.Link.Renew();
        string moved = $"right was moved to network namespace {target.Name}";
        Assert.Equal((NicState.Gone, moved), (bed.Link.State, bed.Link.Note));
        bed.Link.Look();
        Assert.Equal((NicState.Gone, moved), (bed.Link.State, bed.Link.Note));

        // What comes back and is deleted then was not moved.
        target.Run(() =>
        {
            using var links = new Links();
            links.Move(links.TryGet("right")!.Index, bed.Space);
        });
        bed.Link.Look();
        Assert.Equal(NicState.Down, bed.Link.State);
        Assert.True(bed.Links.TryDelete(bed.Links.TryGet("right")!.Index));
        bed.Link.Look();
        Assert.Equal((NicState.Gone, "there is no interface right"), (bed.Link.State, bed.Link.Note));
    }

    [Fact]
    public void An_interface_that_is_called_something_else_is_had_again_when_it_is_opened_anew()
    {
        Needs.Xdp();
        using var bed = new NicLinkBed();
        bed.Links.Rename(bed.Index, "other");
        bed.Link.Renew();
        Assert.Equal((NicState.Up, "other"), (bed.Link.State, bed.Link.InterfaceName));
        bed.Links.SetUp(bed.Index, up: false);
        bed.Link.Renew();
        Assert.Equal((NicState.Down, null), (bed.Link.State, bed.Link.Device));
        bed.Links.SetUp(bed.Index);
        Assert.True(bed.Link.Concerns(bed.Links.TryGet("other")!));
        bed.Link.Look();
        Assert.Equal((NicState.Up, "other"), (bed.Link.State, bed.Link.InterfaceName));
    }

    [Fact]
    public void An_interface_that_is_waited_for_and_gets_another_name_is_missed()
    {
        Needs.Xdp();
        using var bed = new NicLinkBed(up: false);
        Assert.Equal(NicState.Down, bed.Link.State);
        bed.Links.Rename(bed.Index, "other");
        Assert.True(bed.Link.Concerns(bed.Links.TryGet("other")!));
        bed.Link.Look();
        Assert.Equal((NicState.Gone, "there is no interface right"), (bed.Link.State, bed.Link.Note));
        bed.Links.SetUp(bed.Index);
        bed.Links.Rename(bed.Index, "right");
        Assert.True(bed.Link.Concerns(bed.Links.TryGet("right")!));
        bed.Link.Look();
        Assert.Equal(NicState.Up, bed.Link.State);
    }

    [Fact]
    public void Ports_of_an_interface_that_was_made_anew_with_its_number_share_a_program_that_is_on_it()
    {
        Needs.Xdp();
        using var bed = new VethBed(queues: 2, slots: 64);
        bed.Supervisor.Remove(bed.RightLink);
        bed.Supervisor.Remove(bed.LeftLink);
        NicOptions options = bed.Options("right", bed.Veth.RightSpace);
        NicLink[] links = [.. Enumerable.Range(0, 2).Select(
            queue => new NicLink(bed.AddPort($"right{queue}", 64, 1), options with { FirstQueue = queue, Queues = 1 },
                bed.Programs))];
        foreach (NicLink link in links)
        {
            Assert.Null(link.EnterPlace());
            link.Open();
        }

        Assert.True(bed.Veth.RightLinks.TryDelete(bed.Veth.Right));
        bed.Veth.RightLinks.CreateVeth("right", "peer", 2, index: bed.Veth.Right);
        bed.Veth.RightLinks.SetUp(bed.Veth.Right);
        Array.ForEach(links, link => link.Look());
        Assert.All(links, link => Assert.Equal((NicState.Up, null), (link.State, link.Note)));
        Assert.Same(links[0].Device!.Interface, links[1].Device!.Interface);
        Assert.NotEqual(0u, bed.Veth.RightLinks.TryGet("right")!.XdpProgramId);
        Array.ForEach(links, link => link.LeavePlace());
        Assert.True(SpinWait.SpinUntil(() => bed.Veth.RightLinks.TryGet("right")!.XdpProgramId == 0,
            TimeSpan.FromSeconds(30)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_TAP_that_has_left_a_namespace_stays_when_that_is_deleted_whichever_is_heard_of_first(
        bool looksBetween)
    {
        using var first = new NamedNamespace();
        using var second = new NamedNamespace();
        using var bed = new TapBed(Tap(first));
        Move(first, "mover", second);
        if (looksBetween)
        {
            bed.Link.Look();
        }
        else
        {
            Assert.Null(bed.Port.Describe().Note);
        }

        first.Delete();
        bed.Link.OnNamespaceDeleted(first.Name);
        Assert.Equal(second.Name, bed.Link.Namespace);
        SetUp(second, "mover");
        bed.Link.Look();
        Assert.Equal("up", bed.Port.Describe().Link);
    }

    [Fact]
    public void A_TAP_whose_namespace_is_deleted_before_that_is_watched_is_made_anew_where_it_is_wanted()
    {
        using var first = new NamedNamespace();
        using var second = new NamedNamespace();
        using var bed = new TapBed(Tap(first));
        Move(first, "mover", second);
        bed.Link.Look();
        bed.Link.CheckNamespace();
        Assert.Equal(second.Name, bed.Link.Namespace);
        second.Delete();
        bed.Link.CheckNamespace();
        Assert.Equal((first.Name, NicState.Up), (bed.Link.Namespace, bed.Link.State));
        Assert.NotNull(first.Run(() => IndexOf("mover")));
    }

    [Fact]
    public void A_host_stack_port_has_the_interface_that_was_made_anew_before_anybody_looked()
    {
        Needs.Xdp();
        using var space = new NamedNamespace();
        MakeStack(space);
        using var bed = new TapBed(Tap(space) with { StackOf = "stk0" });
        space.Run(() =>
        {
            using var links = new Links();
            Assert.True(links.TryDelete(links.TryGet("stk0")!.Index));
        });
        MakeStack(space);
        bed.Link.Look();
        Assert.Equal((NicState.Up, "stk0", null), (bed.Link.State, bed.Link.InterfaceName, bed.Link.Note));
        Assert.Equal("up", bed.Port.Describe().Link);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_TAP_of_a_host_stack_that_is_moved_away_is_made_anew(bool namespaceEnds)
    {
        Needs.Xdp();
        using var first = new NamedNamespace();
        using var second = new NamedNamespace();
        MakeStack(first);
        using var bed = new TapBed(Tap(first) with { StackOf = "stk0" });
        int? before = first.Run(() => IndexOf("mover"));
        Move(first, "mover", second);
        if (namespaceEnds)
        {
            second.Delete();
        }

        bed.Link.Look();
        Assert.Equal((NicState.Up, first.Name), (bed.Link.State, bed.Link.Namespace));
        int? now = first.Run(() => IndexOf("mover"));
        Assert.NotNull(now);
        Assert.NotEqual(before, now);
    }

    private static TapPortOptions Tap(NamedNamespace space) =>
        new() { Interface = "mover", NetworkNamespace = space.Name, Slots = 128 };

    private static int? IndexOf(string name)
    {
        using var links = new Links();
        return links.TryGet(name)?.Index;
    }

    private static void Move(NamedNamespace from, string name, NamedNamespace to)
    {
        using NetworkNamespace target = to.Open();
        from.Run(() =>
        {
            using var links = new Links();
            links.Move(links.TryGet(name)!.Index, target);
        });
    }

    private static void SetUp(NamedNamespace space, string name) => space.Run(() =>
    {
        using var links = new Links();
        links.SetUp(links.TryGet(name)!.Index);
    });

    private static void MakeStack(NamedNamespace space) => space.Run(() =>
    {
        using var links = new Links();
        links.CreateVeth("stk0", "stk1");
        links.SetUp(links.TryGet("stk0")!.Index);
        links.SetUp(links.TryGet("stk1")!.Index);
    });

    // The right end of a pair, with a link that nobody looks after.
    private sealed class NicLinkBed : IDisposable
    {
        private readonly VethBed _bed = new(slots: 64);

        internal NicLinkBed(bool up = true)
        {
            _bed.Supervisor.Remove(_bed.RightLink);
            _bed.Supervisor.Remove(_bed.LeftLink);
            Links.SetUp(Index, up);
            Link = new NicLink(_bed.Right, _bed.Options("right", Space) with { AllQueues = true }, _bed.Programs);
            Assert.Null(Link.EnterPlace());
            Link.Open();
        }

        internal NicLink Link { get; }

        internal Links Links => _bed.Veth.RightLinks;

        internal NetworkNamespace Space => _bed.Veth.RightSpace;

        internal int Index => _bed.Veth.Right;

        public void Dispose()
        {
            Link.LeavePlace();
            _bed.Dispose();
        }
    }
}
