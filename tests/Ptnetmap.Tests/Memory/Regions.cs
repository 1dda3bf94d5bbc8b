using Ptnetmap.Memory;

namespace Ptnetmap.Tests.Memory;

/// <summary>Small regions for tests, of small pages.</summary>
internal static class Regions
{
    internal static MemoryRegion Create(int ports = 1, int ringPairs = 1, int slots = 64, int extraBuffers = 0) =>
        MemoryRegion.Create(new RegionRequest
        {
            Name = "test",
            Ports = ports,
            RingPairs = ringPairs,
            Slots = slots,
            ExtraBuffers = extraBuffers,
            HugePages = HugePagePolicy.Off,
        });

    /// <summary>The layout that <see cref="Create"/> would give.</summary>
    internal static RegionLayout Layout(int ports = 1, int ringPairs = 1, int slots = 64) =>
        RegionLayout.Compute(new RegionRequest { Ports = ports, RingPairs = ringPairs, Slots = slots });
}
