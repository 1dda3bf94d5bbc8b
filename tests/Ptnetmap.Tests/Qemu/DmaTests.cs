using Ptnetmap.Linux;
using Ptnetmap.Qemu.Protocol;
using Ptnetmap.Transports.Mapping;

namespace Ptnetmap.Tests.Qemu;

public sealed class DmaTests : IDisposable
{
    private readonly QemuBed _bed = new();
    private readonly GuestRam _ram = new(MemFd.CreateSealed("ram-of-dma-tests", GuestRam.Size));
    private readonly HandClient _client;

    public DmaTests() => _client = new HandClient(_bed.Ptnet);

    public void Dispose()
    {
        _client.Dispose();
        _ram.Dispose();
        _bed.Dispose();
    }

    [Fact]
    public void Ranges_are_found_by_address_with_their_offset_and_only_when_they_have_memory()
    {
        Assert.Equal(Errno.None, _client.Map(0x10000, 0x10000, _ram.File, 0x4000));
        Assert.Equal(Errno.None, _client.Map(0, 0x8000, _ram.File));
        Assert.Equal(Errno.None, _client.Map(0x8000, 0x8000));
        Assert.Equal(Errno.None, _client.Map(0x40000, 0x1000, _ram.File, flags: 1));
        Assert.Equal([0ul, 0x8000ul, 0x10000ul, 0x40000ul], _client.Memory.Ranges.Select(range => range.Address));
        Assert.True(_client.Memory.TryFind(0x1FFFF, 1, out ClientRange? range));
        Assert.Equal(0x4000ul, range.Offset);
        (ulong Address, ulong Length)[] nowhere =
            [(0x1FFFF, 2), (0x7FFF, 2), (0x8000, 1), (0x20000, 1), (0x40000, 1), (ulong.MaxValue, 1),
                (0x10000, ulong.MaxValue)];
        Assert.All(nowhere, place => Assert.False(_client.Memory.TryFind(place.Address, place.Length, out _)));
    }

    [Theory]
    [InlineData(0x10000, 0, 0, 3)]
    [InlineData(0x10001, 0x1000, 0, 3)]
    [InlineData(0x10000, 0x1001, 0, 3)]
    [InlineData(0x10000, 0x1000, 1, 3)]
    [InlineData(0x10000, 0x1000, 0, 4)]
    [InlineData(-0x1000, 0x2000, 0, 3)]
    [InlineData(0x10000, 0x1000, -0x1000, 3)]
    [InlineData(0x10000, long.MaxValue - 0xFFF, 0x1000, 3)]
    public void Absurd_ranges_are_refused(long address, long length, long offset, uint flags)
    {
        Assert.Equal(Errno.Invalid, _client.Map((ulong)address, (ulong)length, _ram.File, (ulong)offset, flags));
        Assert.Empty(_client.Memory.Ranges);
    }

    [Theory]
    [InlineData(0x10000, 0x4000)]
    [InlineData(0xF000, 0x2000)]
    [InlineData(0x13000, 0x2000)]
    [InlineData(0x11000, 0x1000)]
    [InlineData(0xF000, 0x10000)]
    public void Overlaps_are_refused(ulong address, ulong length)
    {
        Assert.Equal(Errno.None, _client.Map(0x10000, 0x4000, _ram.File));
        Assert.Equal(Errno.Exists, _client.Map(address, length, _ram.File));
        Assert.Single(_client.Memory.Ranges);
    }

    [Fact]
    public void Two_descriptors_and_short_payloads_are_refused()
    {
        byte[] request = HandClient.Bytes(new DmaMapRequest { ArgumentSize = 32, Flags = 3, Length = 4096 });
        Assert.Equal(Errno.Invalid, _client.Call(Command.DmaMap, request, _ram.File, _ram.File).Errno);
        Assert.Equal(Errno.Invalid, _client.Call(Command.DmaMap, request.AsSpan(0, 31)).Errno);
        request[0] = 31;
        Assert.Equal(Errno.Invalid, _client.Call(Command.DmaMap, request).Errno);
        Assert.Equal(Errno.Invalid, _client.Call(Command.DmaUnmap, new byte[23]).Errno);
        Assert.Equal(Errno.Invalid, _client.Call(Command.DmaUnmap, new byte[24]).Errno);
    }

    [Fact]
    public void Unmapping_takes_whole_ranges_and_says_how_much()
    {
        for (ulong i = 0; i < 4; i++)
        {
            Assert.Equal(Errno.None, _client.Map(i * 0x2000, 0x1000));
        }

        Assert.Equal(Errno.Invalid, _client.Unmap(0x2000, 0x800).Errno);
        Assert.Equal(Errno.Invalid, _client.Unmap(0x2800, 0x4000).Errno);
        Assert.Equal(Errno.Invalid, _client.Unmap(0, 0).Errno);
        Assert.Equal(Errno.Invalid, _client.Unmap(0x1000, ulong.MaxValue).Errno);
        Assert.Equal(Errno.Invalid, _client.Unmap(0, 0x1000, flags: 1).Errno);
        Assert.Equal(Errno.Invalid, _client.Unmap(0, 0x1000, flags: 2).Errno);
        Assert.Equal(0x2000ul, _client.Unmap(0x2000, 0x3000).As<DmaUnmapRequest>().Length);
        Assert.Equal(0x2000ul, _client.Unmap(0, 0, flags: 2).As<DmaUnmapRequest>().Length);
        Assert.Empty(_client.Memory.Ranges);
    }

    [Theory]
    [InlineData(0x1000, 0x1000)]
    [InlineData(0, 0x1000)]
    [InlineData(0x3000, 0x7fff_ffff_d000)]
    public void Unmapping_what_is_not_mapped_is_no_error_and_nothing(ulong address, ulong length)
    {
        Assert.Equal(Errno.None, _client.Map(0x2000, 0x1000, _ram.File));
        Reply reply = _client.Unmap(address, length);
        Assert.Equal((Errno.None, 0ul), (reply.Errno, reply.As<DmaUnmapRequest>().Length));
        Assert.Single(_client.Memory.Ranges);
    }

    [Fact]
    public void Descriptors_are_counted_and_limited_and_all_closed_at_the_end()
    {
        int before = Directory.GetFiles("/proc/self/fd").Count(IsGuestRam);
        for (ulong i = 0; i < (ulong)ClientMap.MaxFiles; i++)
        {
            Assert.Equal(Errno.None, _client.Map(i * 0x1000, 0x1000, _ram.File));
        }

        Assert.Equal(Errno.NoSpace, _client.Map(1ul << 40, 0x1000, _ram.File));
        Assert.Equal(Errno.None, _client.Map(1ul << 40, 0x1000));
        Assert.Equal(before + ClientMap.MaxFiles, Directory.GetFiles("/proc/self/fd").Count(IsGuestRam));
        Assert.Equal(Errno.None, _client.Unmap(0, 0x1000).Errno);
        Assert.Equal(Errno.None, _client.Map(0, 0x1000, _ram.File));
        _client.Session.Dispose();
        Assert.Equal(before, Directory.GetFiles("/proc/self/fd").Count(IsGuestRam));
    }

    private static bool IsGuestRam(string path) =>
        new FileInfo(path).LinkTarget?.Contains("ram-of-dma-tests", StringComparison.Ordinal) == true;
}
