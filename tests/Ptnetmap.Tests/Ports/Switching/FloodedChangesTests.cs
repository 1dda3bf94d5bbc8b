using System.Diagnostics;
using Ptnetmap.Memory;
using Ptnetmap.Ports.Rings;
using Ptnetmap.Ports.Switching;

namespace Ptnetmap.Tests.Ports.Switching;

/// <summary>Ports are added to and removed from a switch on which others flood: whoever finds one finds it whole, and
/// whoever has found one keeps it until the pass is over.</summary>
public class FloodedChangesTests
{
    // Each change waits for passes, which a machine with other things to do may keep from their cores: then there are
    // fewer.
    private const int Most = 1500;
    private const int Least = 100;
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(1);
    private static readonly PortShape Small = PortShape.Symmetric(1, 64);

    [Fact]
    public void Ports_come_and_go_by_the_thousand_beside_three_that_flood()
    {
        using var bed = new SwitchBed();
        using MemoryRegion region = Region(2);
        LoadSender[] senders = [.. Enumerable.Range(1, 3).Select(station =>
            new LoadSender(bed.Add(slots: 128), Frame.Everyone, station, fragments: 1))];
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Most && (i < Least || Stopwatch.GetElapsedTime(start) < Enough)
            && senders.All(sender => sender.IsRunning); i++)
        {
            using var first = ValePort.Create(bed.Switch, "first", region, Small, bed.Quiescence);
            first.RxRings[0].SetClient(new DirectClient());
            using var second = ValePort.Create(bed.Switch, "second", region, Small, bed.Quiescence);
            Assert.Equal((4, 5), (first.Number, second.Number));
            first.RxRings[0].SetClient(null);
        }

        Array.ForEach(senders, sender => sender.Stop());
        Assert.All(senders, sender => Assert.True(sender.Sent > 0));
        Assert.Equal(3, bed.Switch.Members.Count);
        Assert.Equal(0, region.OpenPorts);
        Assert.True(bed.Quiescence.Wait());
    }

    // What a switch publishes is a set: a port that is not whole gets into none.
    [Fact]
    public void A_set_of_ports_takes_none_without_a_number()
    {
        using MemoryRegion region = Region(1);
        using var port = ValePort.Create(ValeSwitch.Create("vale0"), "a", region, Small, new Quiescence());
        Assert.Same(port, PortSet.Empty.With(port)[1]);

        port.Number = 0;

        Assert.Throws<ArgumentOutOfRangeException>(() => PortSet.Empty.With(port));
        port.Number = 1;
    }

    [Fact]
    public void A_port_that_leaves_is_not_found_any_more_before_anything_of_it_goes()
    {
        using MemoryRegion region = Region(1);
        bool isFound = true;
        int open = 0;
        var vale = ValeSwitch.Create("vale0");
        var port = ValePort.Create(vale, "a", region, Small, new Quiescence(), left: left =>
        {
            isFound = left.Members.Count != 0;
            open = region.OpenPorts;
        });

        port.Dispose();

        Assert.False(isFound);
        Assert.Equal((1, 0), (open, region.OpenPorts));
    }

    private static MemoryRegion Region(int ports) => MemoryRegion.Create(
        new RegionRequest { Id = 99, Ports = ports, Slots = 64, BufferSize = 128, HugePages = HugePagePolicy.Off });
}
