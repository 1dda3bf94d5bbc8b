using Ptnetmap.Memory;
using Ptnetmap.Ports.Rings;
using Ptnetmap.Ports.Switching;

namespace Ptnetmap.Tests.Ports.Switching;

public class SwitchTableTests
{
    private static readonly Quiescence Quiescence = new();
    private readonly SwitchTable _table = new(Quiescence);

    [Fact]
    public void A_switch_lives_from_its_first_port_to_its_last()
    {
        using MemoryRegion region = Region(3);
        Assert.Empty(_table.Switches);
        ValePort a = Open("vale0", "a", region);
        ValePort b = Open("vale0", "b", region);
        ValePort c = Open("vale1", "a", region);
        Assert.Same(a.Switch, b.Switch);
        Assert.NotSame(a.Switch, c.Switch);
        Assert.Equal(["vale0:a", "vale0:b", "vale1:a"], [a.Name, b.Name, c.Name]);

        a.Dispose();
        Assert.Equal(2, _table.Switches.Count);
        b.Dispose();
        Assert.Same(c.Switch, Assert.Single(_table.Switches));
        c.Dispose();
        Assert.Empty(_table.Switches);
    }

    [Fact]
    public void A_port_name_is_taken_once()
    {
        using MemoryRegion region = Region(3);
        using ValePort a = Open("vale0", "a", region);
        SwitchException refusal = Assert.Throws<SwitchException>(() => Open("vale0", "a", region));
        Assert.Contains("vale0:a", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(1, region.OpenPorts);
        Assert.Single(a.Switch.Members);
    }

    [Fact]
    public void A_port_that_does_not_fit_leaves_no_switch_behind()
    {
        using MemoryRegion region = Region(1);
        Assert.Throws<RegionLimitException>(
            () => _table.OpenPort("vale0", "a", region, PortShape.Symmetric(1, 20_000)));
        Assert.Empty(_table.Switches);
    }

    [Fact]
    public void There_are_254_ports_and_no_more()
    {
        using MemoryRegion region = Region(255);
        ValePort[] ports = [.. Enumerable.Range(1, 254).Select(i => Open("vale0", $"p{i}", region))];
        Assert.Equal(Enumerable.Range(1, 254), ports.Select(port => port.Number));
        Assert.Throws<SwitchException>(() => Open("vale0", "one-more", region));

        ports[99].Dispose();
        ports[99] = Open("vale0", "one-more", region);
        Assert.Equal(100, ports[99].Number);
        Assert.Equal(254, ports[0].Switch.Members.Count);
        Flood(ports);
        Array.ForEach(ports, port => port.Dispose());
        Assert.Empty(_table.Switches);
    }

    // Every other frame is a flood: more runs than a pass has room for at a time.
    private static void Flood(ValePort[] ports)
    {
        DirectClient[] clients = [.. ports.Select(_ => new DirectClient())];
        for (int i = 0; i < ports.Length; i++)
        {
            ports[i].RxRings[0].SetClient(clients[i]);
        }

        var second = new BedPort(ports[1], Quiescence, attach: true);
        second.Send(Frame.Everyone, from: 20);
        var first = new BedPort(ports[0], Quiescence, attach: true);
        for (int i = 0; i < 40; i++)
        {
            first.Put(Frame.Make(i % 2 == 0 ? Frame.Everyone : 20, 10));
        }

        Assert.Equal(SyncStatus.Dry, first.Sync());
        Assert.All(ports.Skip(2), port => Assert.Equal(21, port.RxRings[0].Counters.Packets));
        Assert.Equal(40, ports[1].RxRings[0].Counters.Packets);
        Assert.Equal(0, ports[0].TxRings[0].Counters.Drops.Total);
    }

    private static MemoryRegion Region(int ports) => MemoryRegion.Create(
        new RegionRequest { Ports = ports, Slots = 64, BufferSize = 64, HugePages = HugePagePolicy.Off });

    private ValePort Open(string vale, string name, MemoryRegion region) =>
        _table.OpenPort(vale, name, region, PortShape.Symmetric(1, 64));
}
