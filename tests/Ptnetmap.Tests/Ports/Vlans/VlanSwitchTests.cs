using Ptnetmap.Ports.Rings;
using Ptnetmap.Ports.Switching;
using Ptnetmap.Tests.Ports.Switching;

namespace Ptnetmap.Tests.Ports.Vlans;

/// <summary>What ports of a switch with VLANs are and do, one rule at a time.</summary>
public sealed class VlanSwitchTests : IDisposable
{
    private readonly SwitchBed _bed = new();
    private readonly BedPort _trunk;
    private readonly BedPort _web;
    private readonly BedPort _database;

    public VlanSwitchTests()
    {
        _trunk = _bed.Add(vlans: PortVlans.Trunk([new VlanRange(10, 10), new VlanRange(20, 29)]));
        _web = _bed.Add(vlans: PortVlans.Access(10));
        _database = _bed.Add(vlans: PortVlans.Access(20));
    }

    public void Dispose() => _bed.Dispose();

    [Fact]
    public void A_tag_is_put_in_on_the_way_to_a_trunk_and_taken_out_on_the_way_back()
    {
        _web.Send(Frame.Everyone, from: 1, length: 100);
        byte[] tagged = Assert.Single(_trunk.Take()).Bytes;
        Assert.Equal(Convert.ToHexString(Frame.Make(Frame.Everyone, 1, 100)[..12]) + "8100000A0800",
            Convert.ToHexString(tagged[..18]));
        Assert.Equal(104, tagged.Length);
        Assert.Empty(_database.Take());

        Send(_trunk, to: 1, from: 9, tag: 10, length: 104);
        Assert.Equal(100, Assert.Single(_web.Take()).Bytes.Length);
    }

    [Fact]
    public void Each_drop_counts_under_its_own_reason()
    {
        Send(_web, to: 9, from: 1, tag: 10);
        Send(_trunk, to: 1, from: 9, tag: 30);
        Send(_trunk, to: 1, from: 9, tag: 0xFFF);
        _trunk.Send(to: 1, from: 9);
        Send(_trunk, to: 1, from: 9, tag: 0xE000);

        Assert.Equal((1, 2, 2),
            (_web.Drops(DropReason.Tagged), _trunk.Drops(DropReason.ForeignVlan), _trunk.Drops(DropReason.Untagged)));
        Assert.Empty(_web.Take());
        Assert.Empty(_database.Take());
    }

    [Fact]
    public void A_tag_that_has_only_a_priority_counts_as_none_and_hands_the_priority_on()
    {
        Send(_web, to: 9, from: 1, tag: 0xE000);
        Assert.Equal("8100E00A", Convert.ToHexString(Assert.Single(_trunk.Take()).Bytes[12..16]));

        using BedPort other = _bed.AddTransient("other", vlans: PortVlans.Access(10));
        byte[] frame = Frame.Make(to: 9, from: 1, vlan: 0xE000, length: 100);
        _web.Put(frame);
        _ = _web.Sync();
        Assert.Equal([.. frame[..12], .. frame[16..]], Assert.Single(other.Take()).Bytes);
    }

    [Fact]
    public void Addresses_are_learned_for_each_vlan_on_its_own_and_listed_with_it()
    {
        _web.Send(Frame.Everyone, from: 7);
        _database.Send(Frame.Everyone, from: 7);
        _bed.TakeAll();

        Send(_trunk, to: 7, from: 9, tag: 10);
        Assert.Single(_web.Take());
        Assert.Empty(_database.Take());
        Send(_trunk, to: 7, from: 9, tag: 20);
        Assert.Empty(_web.Take());
        Assert.Single(_database.Take());
        Assert.Equal([10, 10, 20, 20], _bed.Table.List().Select(entry => VlanLookup.VlanOf(entry.Key)).Order());
    }

    [Fact]
    public void A_destination_cannot_be_forced_out_of_the_vlan()
    {
        _web.Send(to: 9, from: 1, flags: (SlotFlags)(_database.Number << 8));
        Assert.Empty(_database.Take());
        Assert.Equal(1, _web.Drops(DropReason.NoDestination));
        _web.Send(to: 9, from: 1, flags: (SlotFlags)(_trunk.Number << 8));
        Assert.Single(_trunk.Take());
    }

    [Fact]
    public void Nobody_is_reached_in_a_vlan_that_is_not_his_whatever_the_table_says()
    {
        ulong key = ((ulong)(10 - PortVlans.UsualVlan) << 48) | Frame.Address(7);
        Assert.True(_bed.Table.TryAddStatic(key, _database.Number));
        _web.Send(to: 7, from: 1);
        Assert.Empty(_database.Take());
        Assert.Single(_trunk.Take());
    }

    [Fact]
    public void A_frame_that_fills_its_buffer_goes_on_in_a_second_with_its_tag()
    {
        _web.Send(Frame.Everyone, from: 1, length: 2112);
        Received got = Assert.Single(_trunk.Take());
        Assert.Equal([2112, 4], got.Fragments);
        Assert.Equal(Frame.Make(Frame.Everyone, 1, 2112)[12..], got.Bytes[16..]);
    }

    [Theory]
    [InlineData(63, 60)]
    [InlineData(60, 60)]
    [InlineData(59, 55)]
    public void A_frame_that_was_long_enough_for_a_wire_stays_so_without_its_tag(int length, int expected)
    {
        Send(_trunk, to: 9, from: 1, tag: 10, length);
        Assert.Equal(expected, Assert.Single(_web.Take()).Bytes.Length);
    }

    [Theory]
    [InlineData(10, 20)]
    [InlineData(20, -1)]
    public void What_is_written_into_a_frame_after_it_was_looked_at_names_no_other_vlan(int first, int then)
    {
        using BedPort far = _bed.AddTransient("far", attach: false,
            vlans: PortVlans.Trunk([new VlanRange(10, 10), new VlanRange(20, 20)], 30));
        using var client = new MeddlingClient(far,
            () => Frame.Make(Frame.Everyone, 9, vlan: then).CopyTo(_trunk.Port.Region.Buffers[_trunk.LastBuffer()]));
        Send(_trunk, Frame.Everyone, from: 9, tag: first);

        byte[] got = client.Take();
        Assert.Equal((0x81, 0, first), (got[12], got[13], ((got[14] & 0xF) << 8) | got[15]));
    }

    [Fact]
    public void What_had_no_tag_when_it_was_looked_at_leaves_without()
    {
        using BedPort near = _bed.AddTransient("near", attach: false, vlans: PortVlans.Access(10));
        using var client = new MeddlingClient(near,
            () => Frame.Make(Frame.Everyone, 9, vlan: 20).CopyTo(_web.Port.Region.Buffers[_web.LastBuffer()]));
        _web.Send(Frame.Everyone, from: 9);

        Assert.Equal("0000", Convert.ToHexString(client.Take()[12..14]));
    }

    private static void Send(BedPort port, int to, int from, int tag, int length = 60)
    {
        port.Put(Frame.Make(to, from, length, vlan: tag));
        Assert.Equal(SyncStatus.Dry, port.Sync());
    }
}
