using CsCheck;
using Ptnetmap.Ports.Rings;
using Ptnetmap.Ports.Switching;

namespace Ptnetmap.Tests.Ports.Switching;

/// <summary>Limits on what one port can do to all others.</summary>
public class FloodLimitTests
{
    [Fact]
    public void Floods_are_let_through_up_to_the_burst_and_then_at_the_rate()
    {
        using var bed = new SwitchBed();
        (BedPort a, BedPort b) = (bed.Add(), bed.Add());
        a.Port.LimitFloods(new FloodLimit(10, 5), bed.Clock);
        Flood(a, 8);
        Assert.Equal((5, 3), (b.Take().Count, a.Drops(DropReason.FloodLimit)));
        bed.Clock.Advance(TimeSpan.FromMilliseconds(250));
        Flood(a, 8);
        Assert.Equal((2, 9), (b.Take().Count, a.Drops(DropReason.FloodLimit)));
        bed.Clock.Advance(TimeSpan.FromHours(1));
        Flood(a, 8);
        Assert.Equal((5, 12), (b.Take().Count, a.Drops(DropReason.FloodLimit)));
        Assert.Equal((12, 12 * 60), (a.Port.TxRings[0].Counters.Packets, a.Port.TxRings[0].Counters.Bytes));
    }

    [Fact]
    public void Addresses_that_are_known_are_not_limited_and_those_that_are_not_are()
    {
        using var bed = new SwitchBed();
        (BedPort a, BedPort b) = (bed.Add(), bed.Add());
        b.Send(to: 10, from: 20);
        a.Port.LimitFloods(new FloodLimit(1, 1), bed.Clock);
        for (int i = 0; i < 10; i++)
        {
            a.Send(to: 20, from: 10);
            a.Send(to: 30 + i, from: 10);
        }

        Assert.Equal((11, 9), (b.Take().Count, a.Drops(DropReason.FloodLimit)));
    }

    [Fact]
    public void A_packet_of_several_slots_is_one_packet()
    {
        using var bed = new SwitchBed();
        (BedPort a, BedPort b) = (bed.Add(), bed.Add());
        a.Port.LimitFloods(new FloodLimit(1, 2), bed.Clock);
        for (int i = 0; i < 3; i++)
        {
            a.PutFragments(Frame.Make(Frame.Everyone, 10), [20, 20, 20]);
        }

        Assert.Equal(SyncStatus.Dry, a.Sync());
        Assert.Equal((2, 1), (b.Take().Count, a.Drops(DropReason.FloodLimit)));
    }

    [Fact]
    public void Other_ports_flood_as_before()
    {
        using var bed = new SwitchBed();
        (BedPort a, BedPort b, BedPort c) = (bed.Add(), bed.Add(), bed.Add());
        a.Port.LimitFloods(new FloodLimit(1, 1), bed.Clock);
        Flood(a, 10);
        Flood(b, 10);
        Assert.Equal(11, c.Take().Count);
    }

    [Fact]
    public void A_guest_that_makes_addresses_up_fills_its_share_and_no_more()
    {
        using var bed = new SwitchBed();
        (BedPort a, BedPort b) = (bed.Add(), bed.Add());
        b.Send(to: Frame.Everyone, from: 20);
        a.Port.LimitAddresses(50);
        for (int i = 0; i < 500; i++)
        {
            a.Send(to: Frame.Everyone, from: 1000 + i);
            _ = b.Take();
        }

        Assert.Equal((50, 1), (bed.Table.HeldBy(a.Number), bed.Table.HeldBy(b.Number)));
        Assert.True(bed.Table.Refused > 0);
        Assert.Equal(51, bed.Table.Count);
    }

    [Fact]
    public void What_a_port_holds_is_what_is_in_the_table_whatever_happens() =>
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 300], Gen.Int[1, 3]).Array[1, 400].Sample(
            steps =>
            {
                var clock = new ManualClock();
                var table = new ForwardingTable(TimeSpan.FromSeconds(15), clock);
                table.LimitPort(1, 40);
                foreach ((int action, int key, int port) in steps)
                {
                    _ = action switch
                    {
                        0 or 1 => Do(() => table.Learn((ulong)key, port)),
                        2 => key % 50 == 0 && Do(() => table.RemovePort(port)),
                        3 => key % 10 == 0 ? table.TryAddStatic((ulong)key, port) : table.Remove((ulong)key),
                        _ => Do(() =>
                        {
                            clock.Advance(TimeSpan.FromSeconds(key / 100));
                            table.Tick();
                        }),
                    };
                    Assert.True(table.HeldBy(1) <= ForwardingTable.Capacity);
                }

                Assert.Equal(table.Count, table.HeldBy(1) + table.HeldBy(2) + table.HeldBy(3));
            },
            iter: 200,
            threads: 1);

    private static bool Do(Action action)
    {
        action();
        return true;
    }

    private static void Flood(BedPort port, int packets)
    {
        for (int i = 0; i < packets; i++)
        {
            port.Put(Frame.Make(Frame.Everyone, 10));
        }

        Assert.Equal(SyncStatus.Dry, port.Sync());
    }
}
