using Ptnetmap.Memory;
using Ptnetmap.Ports.Pipes;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Tests.Ports.Pipes;

public sealed class PipeRefusalTests
{
    [Fact]
    public void Ends_in_different_regions_are_refused_with_what_to_do_instead()
    {
        using MemoryRegion one = Region("tenant-a", 1);
        using MemoryRegion two = Region("tenant-b", 2);
        var refusal =
            Assert.Throws<PipeException>(() => PipePort.Create("link", 7, one, two, Shape(64), new Quiescence()));
        Assert.Contains("link{7", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("tenant-a", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("tenant-b", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("VALE", refusal.Message, StringComparison.Ordinal);
        Assert.Equal((0, 0), (one.OpenPorts, two.OpenPorts));
    }

    [Fact]
    public void A_region_with_room_for_one_end_only_gives_the_first_back()
    {
        using MemoryRegion region = Region("small", 1);
        uint free = region.BufferPool.Free;
        Assert.Throws<RegionLimitException>(() =>
            PipePort.Create("link", 1, region, region, Shape(64), new Quiescence()));
        Assert.Equal((free, 0), (region.BufferPool.Free, region.OpenPorts));
    }

    [Theory]
    [InlineData(63)]
    [InlineData(65)]
    [InlineData(16385)]
    public void Slots_outside_the_limits_are_refused_by_their_option(int slots)
    {
        using MemoryRegion region = Region("r", 1, ports: 2);
        var refusal = Assert.Throws<RegionLimitException>(
            () => PipePort.Create("link", 1, region, region, Shape(slots), new Quiescence()));
        Assert.Contains("--slots", refusal.Message, StringComparison.Ordinal);
    }

    private static PortShape Shape(int slots) => PortShape.Symmetric(1, slots);

    private static MemoryRegion Region(string name, ushort id, int ports = 1) => MemoryRegion.Create(new RegionRequest
    {
        Name = name,
        Id = id,
        Ports = ports,
        Slots = 64,
        BufferSize = 128,
        HugePages = HugePagePolicy.Off,
    });
}
