using Ptnetmap.Memory;
using Ptnetmap.Ports.Rings;
using Ptnetmap.Ports.Switching;
using Ptnetmap.Tests.Ports.Switching;

namespace Ptnetmap.Tests.Ports.Vlans;

/// <summary>A switch that gets VLANs while it works.</summary>
public sealed class VlanBeginTests : IDisposable
{
    private readonly SwitchBed _bed = new();

    public void Dispose() => _bed.Dispose();

    [Fact]
    public void What_ports_without_settings_do_with_each_other_stays_as_it_was()
    {
        (BedPort a, BedPort b, BedPort c) = (_bed.Add(), _bed.Add(), _bed.Add());
        b.Send(Frame.Everyone, from: 7);
        _bed.TakeAll();
        Assert.False(_bed.Switch.HasVlans);

        BedPort web = _bed.Add(vlans: PortVlans.Access(10));
        Assert.True(_bed.Switch.HasVlans);
        a.Send(to: 7, from: 1);
        a.Put(Frame.Make(Frame.Everyone, from: 1, vlan: 77));
        _ = a.Sync();

        Assert.Equal(
            [Frame.Make(to: 7, from: 1), Frame.Make(Frame.Everyone, from: 1, vlan: 77)], b.Take()
                .Select(got => got.Bytes));
        Assert.Equal([Frame.Make(Frame.Everyone, from: 1, vlan: 77)], c.Take().Select(got => got.Bytes));
        Assert.Empty(web.Take());
    }

    [Fact]
    public void A_switch_stays_one_that_has_vlans_when_the_port_leaves()
    {
        BedPort a = _bed.Add();
        using (_bed.AddTransient("web", vlans: PortVlans.Access(10)))
        {
            Assert.True(_bed.Switch.HasVlans);
        }

        Assert.True(_bed.Switch.HasVlans);
        a.Send(Frame.Everyone, from: 1);
        Assert.Equal(1, a.Drops(DropReason.NoDestination));
    }

    [Fact]
    public void A_port_with_vlans_does_not_come_while_a_pass_goes_on_that_may_not_know_of_them()
    {
        var quiescence = new Quiescence(TimeSpan.FromMilliseconds(20));
        var mark = new PassMark("a pass");
        quiescence.Register(mark);
        mark.Begin();
        using MemoryRegion region =
            MemoryRegion.Create(new RegionRequest { Name = "r", Id = 1, HugePages = HugePagePolicy.Off });
        var vale = ValeSwitch.Create("vale0");

        SwitchException refused = Assert.Throws<SwitchException>(
            () => ValePort.Create(vale, "a", region, PortShape.Symmetric(1, 64), quiescence, PortVlans.Access(10)));

        Assert.Contains("vale0 cannot begin to keep VLANs apart", refused.Message, StringComparison.Ordinal);
        Assert.Empty(vale.Members);
        mark.End();
    }
}
