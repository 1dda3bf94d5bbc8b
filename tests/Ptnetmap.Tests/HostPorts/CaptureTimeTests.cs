using CsCheck;
using Ptnetmap.HostPorts.Pcap;

namespace Ptnetmap.Tests.HostPorts;

/// <summary>When the frames of pcapng files were captured.</summary>
public class CaptureTimeTests
{
    private const long Second = 1_000_000_000;

    private static readonly byte[] Frame = new byte[60];
    private static readonly CaptureBlocks Blocks = new();

    // 0 and two further times in units of the resolution, and what they are in nanoseconds.
    [Theory]
    [InlineData(0, 1, Second, 3, 3 * Second)]
    [InlineData(3, 500, Second / 2, 1_000, Second)]
    [InlineData(6, 1, 1_000, 1_000_000, Second)]
    [InlineData(9, 1, 1, 7, 7)]
    [InlineData(11, 50_000_000_000, Second / 2, 100_000_000_000, Second)]
    [InlineData(12, 999, 0, 1_000, 1)]
    [InlineData(18, 1_000_000_000, 1, ulong.MaxValue, 18_446_744_073)]
    [InlineData(127, 1, 0, ulong.MaxValue, 0)]
    [InlineData(0x80, 1, Second, 2, 2 * Second)]
    [InlineData(0x80 | 10, 512, Second / 2, 1_024, Second)]
    [InlineData(0x80 | 32, 1UL << 31, Second / 2, 1UL << 32, Second)]
    [InlineData(0x80 | 64, 1UL << 63, Second / 2, ulong.MaxValue, Second - 1)]
    [InlineData(0xFF, 1, 0, ulong.MaxValue, 0)]
    public void Every_resolution_has_its_unit(byte resolution, ulong first, long firstNanoseconds, ulong second,
        long secondNanoseconds)
    {
        foreach (CaptureBlocks blocks in (CaptureBlocks[])[Blocks, new CaptureBlocks(bigEndian: true)])
        {
            Assert.Equal(
                [0, firstNanoseconds, secondNanoseconds],
                TimesOf([
                    blocks.Section(), blocks.Interface(options: [blocks.Option(2, 1, 2, 3),
                        blocks.Resolution(resolution), blocks.Option(0)]),
                    blocks.Packet(0, Frame), blocks.Packet(first, Frame), blocks.Obsolete(second, Frame)]));
        }
    }

    [Fact]
    public void Seconds_beyond_what_a_long_of_nanoseconds_holds_are_told_apart() => Assert.Equal(
        [(Int128)ulong.MaxValue * Second, (Int128)(ulong.MaxValue - 1) * Second],
        TimesOf([
            Blocks.Section(), Blocks.Interface(options: [Blocks.Resolution(0)]),
            Blocks.Packet(ulong.MaxValue, Frame), Blocks.Packet(ulong.MaxValue - 1, Frame)]));

    [Theory]
    [InlineData(1_700_000_000)]
    [InlineData(-5)]
    [InlineData(long.MinValue)]
    public void An_offset_is_added_in_seconds(long offset) => Assert.Equal(
        [((Int128)offset * Second) + 2_000],
        TimesOf([Blocks.Section(), Blocks.Interface(options: Blocks.Offset(offset)), Blocks.Packet(2, Frame)]));

    [Fact]
    public void Interfaces_have_units_of_their_own_also_many_and_in_each_section_anew()
    {
        byte[] resolutions = [.. Enumerable.Range(0, 300).Select(i => (byte)(i % 10))];
        var file = new List<byte[]> { Blocks.Section() };
        file.AddRange(resolutions.Select(resolution => Blocks.Interface(options: Blocks.Resolution(resolution))));
        file.AddRange(resolutions.Select((_, i) => Blocks.Packet(1, Frame, (uint)i)));
        file.AddRange([Blocks.Section(), Blocks.Interface(), Blocks.Packet(1, Frame)]);
        Assert.Equal(
            [.. resolutions.Select(resolution => (Int128)Math.Pow(10, 9 - resolution)), 1_000], TimesOf([.. file]));
    }

    [Fact]
    public void Options_behind_the_last_and_of_another_length_do_not_count() => Assert.Equal(
        [1_000],
        TimesOf([
            Blocks.Section(),
            Blocks.Interface(options: [Blocks.Option(9, 9, 9), Blocks.Option(0), Blocks.Resolution(3)]),
            Blocks.Packet(1, Frame)]));

    [Fact]
    public void Frames_without_a_time_are_as_of_the_frame_before_and_of_none_at_the_beginning()
    {
        using CaptureReader reader = Open([
            Blocks.Section(), Blocks.Interface(), Blocks.Simple(60, Frame), Blocks.Packet(5, Frame),
            Blocks.Simple(60, Frame)]);
        Assert.True(reader.TryRead());
        Assert.Null(reader.Nanoseconds);
        Assert.True(reader.TryRead());
        Assert.Equal(5_000, reader.Nanoseconds);
        Assert.True(reader.TryRead());
        Assert.Equal(5_000, reader.Nanoseconds);
    }

    [Fact]
    public void Distances_are_those_of_exact_arithmetic_rounded_down() =>
        Gen.Select(Gen.Byte, Gen.ULong, Gen.Long).Sample((resolution, time, offset) =>
        {
            int power = resolution & 0x7F;
            var unit = System.Numerics.BigInteger.Pow((resolution & 0x80) != 0 ? 2 : 10, power);
            System.Numerics.BigInteger exact =
                (time * (System.Numerics.BigInteger)Second / unit) + ((System.Numerics.BigInteger)offset * Second);
            Int128[] read = TimesOf([
                Blocks.Section(), Blocks.Interface(options: [Blocks.Resolution(resolution), Blocks.Offset(offset)]),
                Blocks.Packet(time, Frame)]);
            return read.Length == 1 && (System.Numerics.BigInteger)read[0] == exact;
        });

    private static Int128[] TimesOf(byte[][] blocks)
    {
        using CaptureReader reader = Open(blocks);
        var times = new List<Int128>();
        while (reader.TryRead())
        {
            times.Add(reader.Nanoseconds!.Value);
        }

        Assert.Null(reader.Damage);
        return [.. times];
    }

    private static CaptureReader Open(byte[][] blocks) =>
        CaptureReader.Open("times", new MemoryStream([.. blocks.SelectMany(block => block)]));
}
