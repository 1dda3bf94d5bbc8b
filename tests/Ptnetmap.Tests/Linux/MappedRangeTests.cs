using Ptnetmap.Linux;
using Ptnetmap.Linux.Xdp;
using Ptnetmap.Memory;

namespace Ptnetmap.Tests.Linux;

/// <summary>What stands for an address lies in its mapping, however it was cut, and who takes it takes none that is too
/// small.</summary>
public sealed class MappedRangeTests : IDisposable
{
    private const int Size = 8192;

    private readonly FileDescriptor _file = MemFd.CreateSealed("range", Size);
    private readonly MemoryMapping _mapping;

    public MappedRangeTests() => _mapping = MemoryMapping.Map(_file, Size);

    public void Dispose()
    {
        _mapping.Dispose();
        _file.Dispose();
    }

    [Fact]
    public void A_piece_lies_where_it_was_cut()
    {
        MappedRange piece = _mapping.Range.Slice(4096, 4096).Slice(100, 50);
        Assert.Equal((_mapping.Address + 4196, 50L, 100L), (piece.Address, piece.Length, piece.OffsetIn(4096)));
        Assert.Equal(0, piece.Slice(50, 0).Length);
    }

    [Theory]
    [InlineData(-1, 10)]
    [InlineData(0, -1)]
    [InlineData(0, 101)]
    [InlineData(51, 50)]
    [InlineData(101, 0)]
    [InlineData(long.MaxValue, 1)]
    [InlineData(1, long.MaxValue)]
    public void Nothing_is_cut_from_outside(long offset, long length) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _mapping.Range.Slice(64, 100).Slice(offset, length));

    [Fact]
    public void No_range_is_had_of_a_mapping_that_is_gone()
    {
        MemoryMapping other = MemoryMapping.Map(_file, Size);
        other.Dispose();
        Assert.Throws<ObjectDisposedException>(() => other.Range);
    }

    [Fact]
    public void What_is_too_small_for_it_is_taken_by_nobody()
    {
        MappedRange good = _mapping.Range.Slice(0, 64);
        MappedRange small = _mapping.Range.Slice(0, 63);
        MappedRange odd = _mapping.Range.Slice(2, 64);
        Assert.Throws<ArgumentOutOfRangeException>(() => new CsbHostView(small, good));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CsbHostView(good, odd));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CsbGuestView(good, small));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CsbGuestView(odd, good));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CsbGuestView(default, default));
        long needed = XdpRingMemory.BytesNeeded(64, sizeof(ulong));
        _ = XdpRingMemory.Over(_mapping.Range.Slice(0, needed), 64, sizeof(ulong));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            XdpRingMemory.Over(_mapping.Range.Slice(0, needed - 1), 64, sizeof(ulong)));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            XdpRingMemory.Over(_mapping.Range.Slice(32, needed), 64, sizeof(ulong)));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(NetmapAbi.MaxCsbRings)]
    [InlineData(int.MaxValue)]
    public void A_ring_that_a_CSB_has_no_entries_for_has_no_view(int ring)
    {
        using var csb = new CsbMemory("test");
        Assert.Throws<ArgumentOutOfRangeException>(() => csb.Host(ring));
        Assert.Throws<ArgumentOutOfRangeException>(() => csb.Guest(ring));
    }
}
