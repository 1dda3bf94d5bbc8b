using System.Globalization;
using Ptnetmap.Memory;

namespace Ptnetmap.Tests.Memory;

/// <summary>A region takes memory as it is used: rings when a port is opened, buffers when somebody is about to use
/// them, and then all of them, so that no packet waits for a page.</summary>
public sealed class PopulateTests
{
    private const long KiB = 1 << 10;
    private const int Slots = 1024;
    private const long BuffersOfAPort = 2L * Slots * RegionRequest.DefaultBufferSize;

    private readonly string _name = $"populate-{Guid.NewGuid():n}";

    [Fact]
    public void A_region_takes_no_memory_when_it_is_made()
    {
        using MemoryRegion region = Create(ports: 10);
        Assert.Equal((0, 0), (Resident(), region.PopulatedBytes));
    }

    [Fact]
    public void A_port_that_nobody_uses_takes_its_rings_and_a_guest_takes_all_its_buffers_at_once()
    {
        using MemoryRegion region = Create(ports: 1);
        using PortMemory port = PortMemory.Open(region, "port", PortShape.Symmetric(1, Slots));
        Assert.InRange(Resident(), 32 * KiB, 128 * KiB);

        port.Populate();
        long populated = Resident();
        Assert.InRange(populated, BuffersOfAPort, region.Layout.Size);

        // What a packet touches is in the page table already.
        foreach (RingView ring in port.TxRings.Concat(port.RxRings))
        {
            foreach (ref NetmapSlot slot in ring.Slots)
            {
                region.Buffers[slot.BufferIndex].Fill(1);
            }
        }

        Assert.Equal(populated, Resident());
        Assert.Equal(populated, region.PopulatedBytes);
    }

    [Fact]
    public void A_port_takes_nothing_for_its_neighbours_in_the_region()
    {
        using MemoryRegion region = Create(ports: 3);
        PortMemory[] ports =
            [.. Enumerable.Range(0, 3).Select(i => PortMemory.Open(region, $"port{i}", PortShape.Symmetric(1, Slots)))];
        ports[1].Populate();
        Assert.InRange(Resident(), BuffersOfAPort, BuffersOfAPort + (512 * KiB));
        ports[1].Populate();
        Assert.Equal(region.PopulatedBytes, Resident());
        Array.ForEach(ports, port => port.Dispose());
    }

    [Fact]
    public void Buffers_that_have_changed_places_are_there_wherever_they_are()
    {
        using MemoryRegion region = Create(ports: 1);
        using PortMemory port = PortMemory.Open(region, "port", PortShape.Symmetric(1, Slots));
        Span<NetmapSlot> slots = port.RxRings[0].Slots;
        for (int i = 0; i < Slots / 2; i++)
        {
            (slots[i].BufferIndex, slots[Slots - 1 - i].BufferIndex) =
                (slots[Slots - 1 - i].BufferIndex, slots[i].BufferIndex);
        }

        slots[7].BufferIndex = uint.MaxValue;
        slots[8].BufferIndex = 0;
        port.Populate();
        Assert.InRange(region.PopulatedBytes, BuffersOfAPort - (256 * KiB), region.Layout.Size);
    }

    [Fact]
    public void Extra_buffers_are_there_with_their_list()
    {
        const int Extra = 500;
        using MemoryRegion region = Create(ports: 1, extraBuffers: Extra);
        using PortMemory port =
            PortMemory.Open(region, "port", PortShape.Symmetric(1, Slots) with { ExtraBuffers = Extra });
        Assert.InRange(region.PopulatedBytes, Extra * RegionRequest.DefaultBufferSize,
            (Extra * RegionRequest.DefaultBufferSize) + (256 * KiB));
        Assert.Equal(region.PopulatedBytes, Resident());
    }

    private MemoryRegion Create(int ports, int extraBuffers = 0)
    {
        // There the kernel gives huge pages to memory that does not ask for them.
        string setting = File.Exists(TransparentHugePages.SettingPath)
            ? File.ReadAllText(TransparentHugePages.SettingPath)
            : "";
        if (!setting.Contains("[never]", StringComparison.Ordinal)
            && !setting.Contains("[advise]", StringComparison.Ordinal)
            && !setting.Contains("[deny]", StringComparison.Ordinal))
        {
            Assert.Skip($"{TransparentHugePages.SettingPath} is {setting}: pages come 2 MiB at a time");
        }

        return MemoryRegion.Create(new RegionRequest
        {
            Name = _name,
            Ports = ports,
            Slots = Slots,
            ExtraBuffers = extraBuffers,
            HugePages = HugePagePolicy.Off,
        });
    }

    // Of the region's mapping: bytes that the page table has.
    private long Resident()
    {
        string[] lines = File.ReadAllLines("/proc/self/smaps");
        int mapping = Array.FindIndex(lines, line => line.Contains($"ptnet-{_name}", StringComparison.Ordinal));
        string rss = lines.Skip(mapping).First(line => line.StartsWith("Rss:", StringComparison.Ordinal));
        return long.Parse(rss.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * KiB;
    }
}
