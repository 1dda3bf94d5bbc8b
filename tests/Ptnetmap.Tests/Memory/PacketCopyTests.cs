using Ptnetmap.Memory;

namespace Ptnetmap.Tests.Memory;

public sealed class PacketCopyTests : IDisposable
{
    private const byte Untouched = 0xEE;

    private readonly MemoryRegion _from = Regions.Create();
    private readonly MemoryRegion _to = Regions.Create();

    public void Dispose()
    {
        _from.Dispose();
        _to.Dispose();
    }

    [Fact]
    public void Exactly_the_frame_is_copied_at_every_length()
    {
        Span<byte> source = _from.Buffers[2];
        for (int i = 0; i < source.Length; i++)
        {
            source[i] = (byte)((i * 7) % 0xE0);
        }

        for (uint length = 0; length <= source.Length; length++)
        {
            // The neighbours too: a store before or behind the buffer would land in them.
            _to.Buffers[2].Fill(Untouched);
            _to.Buffers[3].Fill(Untouched);
            _to.Buffers[4].Fill(Untouched);
            Assert.True(PacketCopy.TryCopy(_from.Buffers, new SlotWord(2, (ushort)length, SlotFlags.None),
                _to.Buffers, 3));
            Assert.True(_to.Buffers[3][..(int)length].SequenceEqual(source[..(int)length]),
                $"wrong bytes at length {length}");
            Assert.Equal(-1, _to.Buffers[3][(int)length..].IndexOfAnyExcept(Untouched));
            Assert.Equal(-1, _to.Buffers[2].IndexOfAnyExcept(Untouched));
            Assert.Equal(-1, _to.Buffers[4].IndexOfAnyExcept(Untouched));
        }
    }

    [Theory]
    [InlineData(0u, 60, 3u)]
    [InlineData(1u, 60, 3u)]
    [InlineData(uint.MaxValue, 60, 3u)]
    [InlineData(2u, 60, 1u)]
    [InlineData(2u, 1500, uint.MaxValue)]
    [InlineData(2u, 2113, 3u)]
    [InlineData(2u, ushort.MaxValue, 3u)]
    public void Nothing_is_copied_from_or_to_what_is_no_buffer_or_too_short(uint from, int length, uint to)
    {
        var frame = new SlotWord(from, (ushort)length, SlotFlags.None);
        Assert.False(PacketCopy.TryCopy(_from.Buffers, frame, _to.Buffers, to));
        Assert.False(PacketCopy.TryCopyShort(_from.Buffers, frame, _to.Buffers, to));
    }

    [Theory]
    [InlineData(0u, 0u)]
    [InlineData(uint.MaxValue, 0u)]
    [InlineData(2u, 49u)]
    public void There_is_no_head_outside_a_buffer(uint index, uint offset) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PacketCopy.ReadHead(_from.Buffers, index, offset));

    [Fact]
    public void The_head_of_a_frame_is_what_is_on_the_wire()
    {
        byte[] frame =
            [0x02, 0x11, 0x12, 0x13, 0x14, 0x15, 0x06, 0x21, 0x22, 0x23, 0x24, 0x25, 0x81, 0x00, 0x30, 0x64];
        frame.CopyTo(_from.Buffers[2]);
        EthernetHead head = PacketCopy.ReadHead(_from.Buffers, 2);
        Assert.Equal((0x151413121102UL, 0x252423222106UL), (head.Destination.Value, head.Source.Value));
        Assert.Equal((0x8100, 0x3064), (head.EtherType, head.AfterType));
        Assert.Equal((false, false), (head.IsGroup, head.HasGroupSource));
        _from.Buffers[2][0] = 0xFF;
        _from.Buffers[2][6] = 0x01;
        head = PacketCopy.ReadHead(_from.Buffers, 2);
        Assert.Equal((true, true), (head.IsGroup, head.HasGroupSource));
    }

    [Fact]
    public void Only_buffers_that_may_be_given_out_are_reachable()
    {
        uint count = _from.Buffers.Count;
        Assert.Equal(
            [false, false, true, true, false, false],
            ((uint[])[0, 1, 2, count - 1, count, uint.MaxValue]).Select(index => _from.Buffers.IsValid(index)));
        foreach (uint index in (uint[])[0, 1, count, uint.MaxValue])
        {
            _ = Assert.Throws<ArgumentOutOfRangeException>(() => _from.Buffers[index].Length);
        }
    }

    [Theory]
    [InlineData(2112, true)]
    [InlineData(2113, false)]
    [InlineData(65535, false)]
    [InlineData(0, true)]
    public void A_slot_whose_length_does_not_fit_the_buffer_is_not_valid(ushort length, bool valid) =>
        Assert.Equal(valid, _from.Buffers.IsValid(new SlotWord(2, length, SlotFlags.None)));
}
