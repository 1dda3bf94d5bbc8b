using System.Buffers.Binary;
using Ptnetmap.Traffic;

namespace Ptnetmap.Tests.Traffic;

public sealed class TestFrameTests
{
    public static TheoryData<int> Lengths =>
        [40, 41, 47, 48, 59, 60, 61, 63, 64, 65, 71, 72, 96, 100, 127, 128, 1500, 1514];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void What_a_template_writes_is_the_documented_frame(int length)
    {
        var buffer = new byte[2048];
        var template = new FrameTemplate(length, new MacAddress(0x0605_0403_0201), MacAddress.Local(0x1234));
        for (ulong sequence = 0; sequence < 1000; sequence += 37)
        {
            template.Write(buffer, sequence, sequence * 3);
            Assert.Equal(Documented(length, sequence, sequence * 3), buffer[..length]);
            Assert.True(TestFrame.TryRead(buffer, length, out ulong read, out ulong timestamp));
            Assert.Equal(sequence, read);
            Assert.Equal(sequence * 3, timestamp);
        }
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Each_flipped_bit_shows_and_bytes_behind_the_frame_do_not_matter(int length)
    {
        var buffer = new byte[2048];
        new FrameTemplate(length, new(1), new(2)).Write(buffer, 77, 88);
        buffer.AsSpan(length).Fill(0xA5);
        Assert.True(TestFrame.TryRead(buffer, length, out _, out _));
        for (int bit = 0; bit < length * 8; bit++)
        {
            buffer[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(TestFrame.TryRead(buffer, length, out _, out _), $"bit {bit}");
            buffer[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(39)]
    [InlineData(2049)]
    public void A_length_that_no_test_frame_has_is_refused(int length)
    {
        var buffer = new byte[2048];
        new FrameTemplate(60, new(1), new(2)).Write(buffer, 1, 2);
        Assert.False(TestFrame.TryRead(buffer, length, out _, out _));
    }

    [Fact]
    public void A_frame_cut_short_is_damaged()
    {
        var buffer = new byte[128];
        new FrameTemplate(100, new(1), new(2)).Write(buffer, 1, 2);
        Assert.False(TestFrame.TryRead(buffer, 60, out _, out _));
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void A_frame_that_is_sent_back_has_its_addresses_swapped_and_stays_sound(int length)
    {
        var buffer = new byte[2048];
        var expected = new byte[2048];
        new FrameTemplate(length, new(0xA1A2_A3A4_A5A6), new(0xB1B2_B3B4_B5B6)).Write(buffer, 5, 6);
        new FrameTemplate(length, new(0xB1B2_B3B4_B5B6), new(0xA1A2_A3A4_A5A6)).Write(expected, 5, 6);
        TestFrame.SwapAddresses(buffer, length);
        Assert.Equal(expected[..length], buffer[..length]);
    }

    [Fact]
    public void A_damaged_frame_that_is_sent_back_stays_damaged()
    {
        var buffer = new byte[64];
        new FrameTemplate(60, new(1), new(2)).Write(buffer, 5, 6);
        buffer[50] ^= 1;
        TestFrame.SwapAddresses(buffer, 60);
        Assert.False(TestFrame.TryRead(buffer, 60, out _, out _));
    }

    [Fact]
    public void A_buffer_smaller_than_the_footprint_is_refused() =>
        Assert.Throws<ArgumentException>(() => new FrameTemplate(60, new(1), new(2)).Write(new byte[56], 0, 0));

    // Word by word from the description, with none of the short cuts.
    private static byte[] Documented(int length, ulong sequence, ulong timestamp)
    {
        var frame = new byte[2048];
        BinaryPrimitives.WriteUInt64LittleEndian(frame, 0x0605_0403_0201);
        byte[] source = [0x02, 0, 0, 0, 0x12, 0x34];
        source.CopyTo(frame, 6);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), 0x88B5);
        BinaryPrimitives.WriteUInt16LittleEndian(frame.AsSpan(14), TestFrame.Magic);
        BinaryPrimitives.WriteUInt64LittleEndian(frame.AsSpan(16), sequence);
        BinaryPrimitives.WriteUInt64LittleEndian(frame.AsSpan(24), timestamp);
        for (int word = 4; word * 8 < length; word++)
        {
            ulong pattern = unchecked((sequence * TestFrame.PatternStep) + ((ulong)word * TestFrame.WordStep));
            BinaryPrimitives.WriteUInt64LittleEndian(frame.AsSpan(word * 8), pattern);
        }

        frame.AsSpan(length).Clear();
        frame.AsSpan(32, 4).Clear();
        ulong sum = 0;
        for (int offset = 0; offset < frame.Length; offset += 8)
        {
            sum += BinaryPrimitives.ReadUInt64LittleEndian(frame.AsSpan(offset));
        }

        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(32), (uint)(sum + (sum >> 32)));
        return frame[..length];
    }
}
