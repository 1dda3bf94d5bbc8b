using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.Transports.Mapping;

namespace Ptnetmap.Tests.Transports;

/// <summary>A client's memory: what is found, mapped and copied lies in what the client told, and nowhere
/// else.</summary>
public sealed class ClientMapTests : IDisposable
{
    private const long Size = 0x4000;
    private const ulong At = 0x10_0000;

    private readonly string _path = Path.GetTempFileName();
    private readonly FileStream _file;
    private readonly ClientMap _map = new();

    public ClientMapTests()
    {
        _file = new FileStream(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        _file.SetLength(Size);
        Assert.Equal(MapResult.Added, _map.Add(new ClientRange(At, 0x2000, Descriptor(), 0x1000, IsWritable: true)));
    }

    public void Dispose()
    {
        _map.Dispose();
        _file.Dispose();
        File.Delete(_path);
    }

    [Fact]
    public void What_is_copied_goes_where_the_client_has_it()
    {
        using ClientMemory memory = Map(At + 0x800, 0x1000);
        Assert.True(memory.TryCopyOut(0xFF0, "sixteen bytes!!!"u8));
        byte[] there = new byte[16];
        Assert.Equal(16, RandomAccess.Read(_file.SafeFileHandle, there, 0x1000 + 0x800 + 0xFF0));
        Assert.Equal("sixteen bytes!!!"u8, there);
        RandomAccess.Write(_file.SafeFileHandle, "other"u8, 0x1000 + 0x800);
        byte[] copy = new byte[5];
        Assert.True(memory.TryCopyIn(0, copy));
        Assert.Equal("other"u8, copy);
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0x1000, 1)]
    [InlineData(0xFFF, 2)]
    [InlineData(0, 0x1001)]
    [InlineData(long.MaxValue, 1)]
    [InlineData(long.MinValue, 1)]
    public void Nothing_outside_of_a_mapping_is_copied(long offset, int length)
    {
        using ClientMemory memory = Map(At, 0x1000);
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.TryCopyIn(offset, new byte[length]));
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.TryCopyOut(offset, new byte[length]));
    }

    [Fact]
    public void Memory_that_was_taken_away_is_told_with_each_copy()
    {
        using ClientMemory memory = Map(At, 0x1000);
        byte[] copy = new byte[16];
        Assert.True(memory.TryCopyIn(0, copy));
        _file.SetLength(0);
        Array.Fill(copy, (byte)0xEE);
        Assert.False(memory.TryCopyIn(0, copy));
        Assert.Equal(new byte[16], copy);
        Assert.False(memory.TryCopyOut(0, copy));
        Assert.True(memory.IsLost);
    }

    [Fact]
    public void A_piece_that_reaches_over_the_end_of_its_range_is_none()
    {
        Assert.Equal(MapResult.Added,
            _map.Add(new ClientRange(At + 0x2000, 0x1000, Descriptor(), 0, IsWritable: true)));
        Assert.False(_map.TryMap(At + 0x1FFF, 2, allowUnsealed: true, out ClientRange? range,
            out ClientMemory? memory));
        Assert.Null(range);
        Assert.Null(memory);
        Map(At + 0x1FFF, 1).Dispose();
        Map(At + 0x2000, 1).Dispose();
    }

    [Theory]
    [InlineData(1, 0x1000, 0)]
    [InlineData(0, 0, 0)]
    [InlineData(0, 1, 0)]
    [InlineData(0, 0x1000, 1)]
    [InlineData(-0x1000, 0x1000, 0)]
    [InlineData(0, 0x1000, -0x1000)]
    [InlineData(0, long.MaxValue - 0xFFF, 0x1000)]
    public void A_range_that_cannot_be_is_added_by_nobody(long address, long length, long offset)
    {
        var range = new ClientRange((ulong)address, (ulong)length, null, (ulong)offset, IsWritable: true);
        Assert.False(range.IsSound);
        Assert.Throws<ArgumentException>(() => _map.Add(range));
        Assert.Single(_map.Ranges);
    }

    [Fact]
    public void A_span_takes_whole_ranges_and_names_one_that_it_cuts()
    {
        Assert.Equal(MapResult.Overlaps, _map.Add(new ClientRange(At + 0x1000, 0x1000, null, 0, IsWritable: true)));
        Assert.Equal(MapResult.Added, _map.Add(new ClientRange(0, 0x1000, null, 0, IsWritable: true)));
        Assert.Equal(2, _map.Within(0, At + 0x2000, out ClientRange? cut).Count);
        Assert.Null(cut);
        Assert.Equal([0ul], _map.Within(0, At + 0x1000, out cut).Select(range => range.Address));
        Assert.Equal(At, cut?.Address);
        Assert.Throws<ArgumentOutOfRangeException>(() => _map.Within(ulong.MaxValue, 1, out _));
    }

    private ClientMemory Map(ulong address, ulong length)
    {
        Assert.True(_map.TryMap(address, length, allowUnsealed: true, out ClientRange? range,
            out ClientMemory? memory));
        Assert.True(range.Contains(address, length));
        return memory;
    }

    private FileDescriptor Descriptor()
    {
        using var borrowed = new FileDescriptor((int)_file.SafeFileHandle.DangerousGetHandle(), owns: false);
        return borrowed.Duplicate();
    }
}
