using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Tests.Ports.Switching;

/// <summary>Which port gets a packet.</summary>
public class ValeForwardingTests
{
    [Fact]
    public void Unknown_address_goes_to_all_others_and_a_learned_one_to_its_port_alone()
    {
        using var bed = new SwitchBed();
        (BedPort a, BedPort b, BedPort c) = (bed.Add(), bed.Add(), bed.Add());

        a.Send(to: 20, from: 10);
        Assert.Single(b.Take());
        Assert.Single(c.Take());

        b.Send(to: 10, from: 20);
        Received answer = Assert.Single(a.Take());
        Assert.Equal(Convert.ToHexString(Frame.Make(10, 20)), answer.Hex);
        Assert.Empty(c.Take());

        a.Send(to: 20, from: 10);
        Assert.Single(b.Take());
        Assert.Empty(c.Take());
        Assert.Empty(a.Take());
    }

    [Fact]
    public void Broadcast_and_multicast_go_to_all_others()
    {
        using var bed = new SwitchBed();
        (BedPort a, BedPort b, BedPort c) = (bed.Add(), bed.Add(), bed.Add());
        byte[] multicast = Frame.Make(to: 5, from: 10);
        multicast[0] = 0x33;

        a.Send(Frame.Everyone, from: 10);
        a.Put(multicast);
        a.Sync();

        Assert.Equal(2, b.Take().Count);
        Assert.Equal(2, c.Take().Count);
        Assert.Empty(a.Take());
        Assert.Equal(2, a.Port.TxRings[0].Counters.Packets);
        Assert.Equal(120, a.Port.TxRings[0].Counters.Bytes);
        Assert.Equal(2, b.Port.RxRings[0].Counters.Packets);
        Assert.Equal(120, b.Port.RxRings[0].Counters.Bytes);
    }

    [Fact]
    public void A_packet_never_comes_back_to_its_port()
    {
        using var bed = new SwitchBed();
        (BedPort a, BedPort b) = (bed.Add(), bed.Add());
        a.Send(Frame.Everyone, from: 10);
        a.Send(Frame.Everyone, from: 11);
        b.Take();

        a.Send(to: 10, from: 11);
        a.Send(to: 11, from: 10, flags: (SlotFlags)(a.Number << 8));

        Assert.Empty(a.Take());
        Assert.Empty(b.Take());
        Assert.Equal(2, a.Drops(DropReason.NoDestination));
    }

    [Fact]
    public void A_station_that_moves_is_found_at_its_new_port()
    {
        using var bed = new SwitchBed();
        (BedPort a, BedPort b, BedPort c) = (bed.Add(), bed.Add(), bed.Add());
        b.Send(Frame.Everyone, from: 20);
        c.Send(Frame.Everyone, from: 20);
        bed.TakeAll();

        a.Send(to: 20, from: 10);

        Assert.Single(c.Take());
        Assert.Empty(b.Take());
    }

    [Fact]
    public void No_learn_leaves_the_source_unknown()
    {
        using var bed = new SwitchBed();
        (BedPort a, BedPort b, BedPort c) = (bed.Add(), bed.Add(), bed.Add());
        b.Send(Frame.Everyone, from: 20, flags: SlotFlags.NoLearn);
        c.Take();

        a.Send(to: 20, from: 10);

        Assert.Single(b.Take());
        Assert.Single(c.Take());
        Assert.Equal(0, bed.Table.Find(Frame.Address(20)));
    }

    [Fact]
    public void A_group_source_address_is_not_learned()
    {
        using var bed = new SwitchBed();
        (BedPort a, _) = (bed.Add(), bed.Add());

        a.Send(to: 20, from: Frame.Everyone);

        Assert.Equal(0, bed.Table.Count);
    }

    [Fact]
    public void The_high_byte_forces_the_destination()
    {
        using var bed = new SwitchBed();
        (BedPort a, BedPort b, BedPort c) = (bed.Add(), bed.Add(), bed.Add());
        b.Send(Frame.Everyone, from: 20);
        bed.TakeAll();

        a.Send(to: 20, from: 10, flags: (SlotFlags)(c.Number << 8));

        Assert.Single(c.Take());
        Assert.Empty(b.Take());
        Assert.Equal(a.Number, bed.Table.Find(Frame.Address(10)));
    }

    [Fact]
    public void An_address_ages_when_it_is_not_seen()
    {
        using var bed = new SwitchBed();
        (BedPort a, BedPort b, BedPort c) = (bed.Add(), bed.Add(), bed.Add());
        b.Send(Frame.Everyone, from: 20);
        bed.TakeAll();

        bed.Clock.Advance(SwitchBed.Ageing);
        a.Send(to: 20, from: 10);
        Assert.Empty(c.Take());

        bed.Clock.Advance(TimeSpan.FromSeconds(1));
        a.Send(to: 20, from: 10);
        Assert.Single(c.Take());
    }

    [Fact]
    public void A_static_entry_neither_ages_nor_moves()
    {
        using var bed = new SwitchBed();
        (BedPort a, BedPort b, BedPort c) = (bed.Add(), bed.Add(), bed.Add());
        Assert.True(bed.Table.TryAddStatic(Frame.Address(20), b.Number));
        c.Send(Frame.Everyone, from: 20);
        bed.TakeAll();

        bed.Clock.Advance(100 * SwitchBed.Ageing);
        a.Send(to: 20, from: 10);

        Assert.Single(b.Take());
        Assert.Empty(c.Take());
    }

    [Fact]
    public void What_was_learned_of_a_port_goes_with_it()
    {
        using var bed = new SwitchBed();
        (BedPort a, BedPort b) = (bed.Add(), bed.Add());
        BedPort c = bed.AddTransient("c");
        int number = c.Number;
        c.Send(Frame.Everyone, from: 30);
        bed.TakeAll();
        c.Dispose();
        Assert.Equal(0, bed.Table.Count);

        BedPort d = bed.Add();
        Assert.Equal(number, d.Number);
        a.Send(to: 30, from: 10);

        Assert.Single(b.Take());
        Assert.Single(d.Take());
    }

    [Fact]
    public void The_receive_ring_is_chosen_by_the_transmit_ring()
    {
        using var bed = new SwitchBed();
        BedPort a = bed.Add(rings: 5);
        BedPort b = bed.Add(rings: 3);
        for (int ring = 0; ring < 5; ring++)
        {
            a.Put(Frame.Make(20, 10, seed: ring), ring: ring);
            a.Sync(ring: ring);
        }

        Assert.Equal([2, 2, 1], [b.Take(0).Count, b.Take(1).Count, b.Take(2).Count]);
    }

    [Fact]
    public void Receivers_are_notified_once_a_pass_and_only_if_they_got_something()
    {
        using var bed = new SwitchBed();
        (BedPort a, BedPort b, BedPort c) = (bed.Add(), bed.Add(), bed.Add());
        b.Send(Frame.Everyone, from: 20);
        int before = c.Clients[0].Notifications;
        for (int i = 0; i < 10; i++)
        {
            a.Put(Frame.Make(20, 10));
        }

        a.Sync(budget: 3);
        a.Sync();
        a.Port.NotifyReceivers(a.Port.TxRings[0]);

        Assert.Equal(10, b.Take().Count);
        Assert.InRange(b.Clients[0].Notifications, 1, 2);
        Assert.Equal(before, c.Clients[0].Notifications);
    }
}
