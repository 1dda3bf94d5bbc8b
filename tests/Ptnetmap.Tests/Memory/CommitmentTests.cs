using Ptnetmap.Memory;

namespace Ptnetmap.Tests.Memory;

/// <summary>A region is refused when it is made, and not when it is used: what others were promised is not promised
/// again. If somebody else has taken the memory meanwhile, whoever opens or uses a port is told.</summary>
public sealed class CommitmentTests : IDisposable
{
    private const long MiB = 1 << 20;

    // A region of a port has 4.2 MiB.
    private readonly LimitedMemory _memory = new(available: 6 * MiB);

    public void Dispose() => _memory.Dispose();

    [Fact]
    public void What_one_region_was_promised_another_one_does_not_get()
    {
        using (_memory.Region("first"))
        {
            MemoryLimitException refusal = Assert.Throws<MemoryLimitException>(() => _memory.Region("second"));
            Assert.StartsWith("region second: 4 MiB do not fit into the machine's memory", refusal.Message,
                StringComparison.Ordinal);
            Assert.Contains("22 MiB are left, 4 MiB of these promised to other regions", refusal.Message,
                StringComparison.Ordinal);
        }

        Assert.Equal(0, _memory.Limits.Committed);
        _memory.Region("second").Dispose();
    }

    [Fact]
    public void What_is_there_is_not_promised_any_more()
    {
        using MemoryRegion region = _memory.Region();
        Assert.Equal(region.Layout.Buffers.End, _memory.Limits.Committed);
        using PortMemory port = PortMemory.Open(region, "port", PortShape.Symmetric(1, 1024));
        Assert.Equal(region.Layout.Buffers.End - region.PopulatedBytes, _memory.Limits.Committed);
        port.Populate();
        Assert.InRange(_memory.Limits.Committed, 0, 64 << 10);
    }

    [Fact]
    public void A_port_is_refused_when_its_rings_do_not_fit_any_more()
    {
        using MemoryRegion region = _memory.Region();
        _memory.Available = 0;
        MemoryLimitException refusal = Assert.Throws<MemoryLimitException>(
            () => PortMemory.Open(region, "vale0:a", PortShape.Symmetric(1, 1024)));
        Assert.StartsWith("port vale0:a: 0 MiB do not fit into the machine's memory", refusal.Message,
            StringComparison.Ordinal);
        Assert.Equal((0, 0L), (region.OpenPorts, region.PopulatedBytes));

        _memory.Available = MiB;
        PortMemory.Open(region, "vale0:a", PortShape.Symmetric(1, 1024)).Dispose();
    }

    [Fact]
    public void Buffers_that_do_not_fit_any_more_are_refused_in_words_and_come_when_there_is_room()
    {
        using MemoryRegion region = _memory.Region();
        using PortMemory port = PortMemory.Open(region, "vale0:a", PortShape.Symmetric(1, 1024));
        _memory.Available = MiB;
        long before = region.PopulatedBytes;
        MemoryLimitException refusal = Assert.Throws<MemoryLimitException>(port.Populate);
        Assert.StartsWith("port vale0:a: 2 MiB do not fit into the machine's memory (MemAvailable", refusal.Message,
            StringComparison.Ordinal);
        Assert.Equal(before, region.PopulatedBytes);

        _memory.Available = 6 * MiB;
        port.Populate();
        Assert.InRange(region.PopulatedBytes, 4 * MiB, region.Layout.Size);
    }
}
