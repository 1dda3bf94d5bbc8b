using Ptnetmap.Ports.Rings;
using Ptnetmap.Ports.Switching;

namespace Ptnetmap.Tests.Ports.Switching;

/// <summary>The second lookup: VLANs are kept apart.</summary>
public sealed class VlanLookupTests : IDisposable
{
    private readonly VlanMembership _vlans = new();
    private readonly SwitchBed _bed;
    private readonly BedPort _a;
    private readonly BedPort _b;
    private readonly BedPort _c;

    public VlanLookupTests()
    {
        var table = new ForwardingTable(SwitchBed.Ageing, new ManualClock());
        _bed = new SwitchBed(new ValeSwitch<VlanLookup>("vale0", new VlanLookup(table, _vlans)));
        (_a, _b, _c) = (_bed.Add(), _bed.Add(), _bed.Add());
        _vlans.SetAccessVlan(_a.Number, 10);
        _vlans.SetAccessVlan(_b.Number, 10);
        _vlans.SetAccessVlan(_c.Number, 20);
    }

    public void Dispose() => _bed.Dispose();

    [Fact]
    public void A_flood_stays_in_its_vlan()
    {
        _a.Send(Frame.Everyone, from: 1);
        Assert.Single(_b.Take());
        Assert.Empty(_c.Take());

        _c.Send(Frame.Everyone, from: 3);
        Assert.Empty(_b.Take());
        Assert.Equal(1, _c.Drops(DropReason.NoDestination));
    }

    [Fact]
    public void Addresses_are_learned_for_each_vlan_on_its_own()
    {
        _vlans.Join(_b.Number, 20);
        _vlans.Join(_a.Number, 20);
        _b.Send(Frame.Everyone, from: 7);
        _c.Send(Frame.Everyone, from: 7);
        _bed.TakeAll();

        _a.Send(to: 7, from: 1);
        Assert.Single(_b.Take());
        Assert.Empty(_c.Take());

        _a.Put(Frame.Make(to: 7, from: 1, vlan: 20));
        _a.Sync();
        Assert.Empty(_b.Take());
        Assert.Single(_c.Take());
    }

    [Fact]
    public void A_tag_of_a_foreign_vlan_goes_nowhere()
    {
        _a.Put(Frame.Make(Frame.Everyone, from: 1, vlan: 20));
        _a.Sync();
        Assert.Empty(_c.Take());
        Assert.Equal(1, _a.Drops(DropReason.NoDestination));
    }

    [Fact]
    public void A_priority_tag_counts_as_none()
    {
        _a.Put(Frame.Make(Frame.Everyone, from: 1, vlan: 0xE000));
        _a.Sync();
        Assert.Single(_b.Take());
        Assert.Empty(_c.Take());
    }

    [Fact]
    public void A_destination_cannot_be_forced_out_of_the_vlan()
    {
        _a.Send(to: 9, from: 1, flags: (SlotFlags)(_c.Number << 8));
        Assert.Empty(_c.Take());
        Assert.Equal(1, _a.Drops(DropReason.NoDestination));
        _a.Send(to: 9, from: 1, flags: (SlotFlags)(_b.Number << 8));
        Assert.Single(_b.Take());
    }
}
