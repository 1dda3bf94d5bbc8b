using CsCheck;
using Ptnetmap.HostPorts.Pcap;
using Ptnetmap.Tests.Daemon;

namespace Ptnetmap.Tests.HostPorts;

/// <summary>Capture files as they should be, and as they should not.</summary>
public sealed class CaptureReaderTests : IDisposable
{
    private static readonly byte[][] Frames =
        [[.. Enumerable.Range(0, 60).Select(i => (byte)i)], new byte[61], new byte[1514]];

    private readonly TemporaryFolder _folder = new();

    private string Path => _folder["file.pcap"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(CaptureFile.Microseconds, false, 1_000)]
    [InlineData(CaptureFile.Microseconds, true, 1_000)]
    [InlineData(CaptureFile.Nanoseconds, false, 1)]
    [InlineData(CaptureFile.Nanoseconds, true, 1)]
    public void A_classic_file_is_read_in_either_byte_order_and_unit(uint magic, bool bigEndian, int unit)
    {
        File.WriteAllBytes(Path, CaptureFile.Classic(magic, bigEndian, Frames));
        AssertHolds(1_000_000_000, 1000L * unit, lastHasTime: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_pcapng_file_is_read_in_either_byte_order(bool bigEndian)
    {
        File.WriteAllBytes(Path, CaptureFile.Next(bigEndian, Frames));
        AssertHolds(0, 1000, lastHasTime: false);
    }

    [Fact]
    public void Every_cut_of_a_file_either_ends_between_frames_or_is_told_with_its_offset()
    {
        foreach (byte[] whole in (byte[][])[CaptureFile.Classic(CaptureFile.Nanoseconds, false, Frames[..2]),
            CaptureFile.Next(true, Frames[..2])])
        {
            for (int length = 0; length < whole.Length; length++)
            {
                File.WriteAllBytes(Path, whole[..length]);
                try
                {
                    Assert.True(Check() < 2);
                }
                catch (PcapException told)
                {
                    Assert.Contains($"{Path}: offset ", told.Message, StringComparison.Ordinal);
                }
            }
        }
    }

    [Fact]
    public void Garbage_is_read_to_its_end_or_refused_and_nothing_else() =>
        Gen.Select(Gen.Bool, Gen.Bool, Gen.Byte.Array[0, 300], Gen.Int[0, 200], Gen.Byte.Array[1, 8]).Sample(
            (next, bigEndian, tail, at, damage) =>
            {
                byte[] file = [.. next
                    ? CaptureFile.Next(bigEndian, Frames[..1])
                    : CaptureFile.Classic(CaptureFile.Microseconds, bigEndian, Frames[..1]), .. tail];
                damage.CopyTo(file.AsSpan(Math.Min(at, file.Length - damage.Length)));
                File.WriteAllBytes(Path, file);
                try
                {
                    return Check() >= 0;
                }
                catch (PcapException told)
                {
                    return told.Message.Contains("offset", StringComparison.Ordinal);
                }
            },
            iter: 2_000,
            threads: 1);

    [Theory]
    [InlineData(0, 0x11, "offset 0: the first four bytes")]
    [InlineData(4, 9, "offset 4: version 9")]
    [InlineData(20, 105, "offset 20: link type 105; only Ethernet")]
    [InlineData(30, 0xFF, "offset 28: a fraction of a second")]
    [InlineData(35, 0x7F, "offset 32: a frame of ")]
    public void What_is_wrong_is_told_with_its_place(int at, byte value, string reason)
    {
        byte[] file = CaptureFile.Classic(CaptureFile.Nanoseconds, false, Frames);
        file[at] = value;
        if (at == 30)
        {
            file[31] = 0xFF;
        }

        File.WriteAllBytes(Path, file);
        var told = Assert.Throws<PcapException>(() => Check());
        Assert.Contains(reason, told.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Microseconds_beyond_a_second_are_carried_as_in_libpcap(bool bigEndian)
    {
        byte[] file = CaptureFile.Classic(CaptureFile.Microseconds, bigEndian, Frames[..1]);
        CaptureFile.Word(5, bigEndian).CopyTo(file, 24);
        CaptureFile.Word(2_000_001, bigEndian).CopyTo(file, 28);
        using CaptureReader reader = CaptureReader.Open(Path, new MemoryStream(file));
        Assert.True(reader.TryRead());
        Assert.Equal(7_000_001_000, reader.Nanoseconds);
        Assert.False(reader.TryRead());
        Assert.Null(reader.Damage);
    }

    [Fact]
    public void A_packet_of_an_interface_that_was_not_described_is_refused()
    {
        byte[] file = CaptureFile.Next(false, Frames);
        byte[] stray = CaptureFile.Block(6, [.. CaptureFile.Word(7, false), .. new byte[16]], false);
        File.WriteAllBytes(Path, [.. file, .. stray]);
        Assert.Contains("interface 7", Assert.Throws<PcapException>(() => Check()).Message, StringComparison.Ordinal);
    }

    // Frames of the whole file; damage anywhere in it is thrown.
    private long Check()
    {
        using CaptureReader reader = CaptureReader.Open(Path);
        long frames = 0;
        while (reader.TryRead())
        {
            frames++;
        }

        return reader.Damage is null ? frames : throw new PcapException(reader.Damage);
    }

    private void AssertHolds(long first, long step, bool lastHasTime)
    {
        using CaptureReader reader = CaptureReader.Open(Path);
        for (int round = 0; round < 2; round++)
        {
            for (int i = 0; i < Frames.Length; i++)
            {
                Assert.True(reader.TryRead());
                Assert.Equal(Frames[i], reader.Frame.ToArray());
                Assert.True((!lastHasTime && i == Frames.Length - 1) || reader.Nanoseconds == first + (i * step));
            }

            Assert.False(reader.TryRead());
            reader.Rewind();
        }
    }
}
