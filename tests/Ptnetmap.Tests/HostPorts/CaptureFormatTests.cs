using Ptnetmap.HostPorts.Pcap;


namespace Ptnetmap.Tests.HostPorts;

/// <summary>What sound captures may be, and what becomes of others: what is whole is read, and the rest is
/// told.</summary>
public class CaptureFormatTests
{
    private static readonly byte[] Frame = [.. Enumerable.Range(1, 60).Select(i => (byte)i)];
    private static readonly CaptureBlocks Blocks = new();

    public static TheoryData<string, byte[]> Packed => new()
    {
        { "gzip; gunzip it", [0x1F, 0x8B, 8, 0] },
        { "zstd; unzstd it", [0x28, 0xB5, 0x2F, 0xFD] },
        { "lz4; unlz4 it", [0x04, 0x22, 0x4D, 0x18] },
        { "xz; unxz it", [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0] },
        { "bzip2; bunzip2 it", "BZh91AY"u8.ToArray() },
    };

    [Theory]
    [InlineData(60u, 1514u, 60)]
    [InlineData(0u, 60u, 60)]
    [InlineData(0u, 1514u, 60)]
    [InlineData(100u, 58u, 58)]
    [InlineData(20u, 1514u, 20)]
    public void Simple_packets_are_as_long_as_the_interface_kept_them(uint snapLength, uint wireLength, int length)
    {
        (byte[][] frames, string? damage) = Read(
            Blocks.Section(), Blocks.Interface(snapLength: snapLength), Blocks.Simple(wireLength, Frame),
            Blocks.Simple(wireLength, Frame));
        Assert.Equal([Frame[..length], Frame[..length]], frames);
        Assert.Null(damage);
    }

    // 4 bits of the checksum's length in 16-bit words, and the bit that says that they count. It stays, as in tcpdump.
    [Theory]
    [InlineData(0x2400_0001u)]
    [InlineData(0x0400_0001u)]
    [InlineData(0xF000_0001u)]
    [InlineData(0x0800_0001u)]
    public void Flags_above_the_link_type_say_nothing_of_the_frames_kind(uint word)
    {
        foreach (bool bigEndian in (bool[])[false, true])
        {
            byte[] file = CaptureFile.Classic(CaptureFile.Microseconds, bigEndian, Frame, Frame);
            CaptureFile.Word(word, bigEndian).CopyTo(file, 20);
            Assert.Equal([Frame, Frame], Read(file).Frames);
        }
    }

    [Fact]
    public void Reserved_bits_of_the_link_type_are_refused()
    {
        byte[] file = CaptureFile.Classic(CaptureFile.Microseconds, false, Frame);
        CaptureFile.Word(0x0001_0001, false).CopyTo(file, 20);
        Assert.Contains("offset 20: a link type of 0x00010001", Assert.Throws<PcapException>(() => Read(file)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Frames_of_other_kinds_are_left_out_and_counted_and_interfaces_without_frames_are_nothing()
    {
        using CaptureReader reader = Open([
            Blocks.Section(), Blocks.Interface(CaptureBlocks.Loopback), Blocks.Interface(), Blocks.Packet(1, Frame, 1),
            Blocks.Packet(2, [1, 2, 3], 0), Blocks.Simple(60, Frame), Blocks.Obsolete(3, Frame, 1),
            Blocks.Interface(CaptureBlocks.Loopback)]);
        for (int round = 0; round < 2; round++)
        {
            Assert.Equal([Frame, Frame], Rest(reader));
            Assert.Equal((null, 2, CaptureBlocks.Loopback), (reader.Damage, reader.LeftOut, reader.LeftOutType));
            reader.Rewind();
        }

        reader.RefuseUseless();
    }

    [Fact]
    public void A_file_of_other_frames_only_is_useless_and_one_without_frames_is_not()
    {
        using (CaptureReader other =
            Open([Blocks.Section(), Blocks.Interface(CaptureBlocks.Loopback), Blocks.Packet(1, Frame)]))
        {
            Assert.Contains("1 frame of link type 113; only Ethernet",
                Assert.Throws<PcapException>(other.RefuseUseless).Message, StringComparison.Ordinal);
        }

        using CaptureReader empty = Open([Blocks.Section(), Blocks.Interface(CaptureBlocks.Loopback)]);
        empty.RefuseUseless();
        Assert.False(empty.TryRead());
    }

    [Fact]
    public void Sections_may_follow_each_other_in_either_byte_order()
    {
        var other = new CaptureBlocks(bigEndian: true);
        byte[][] frames = [[.. Frame, 1], [.. Frame, 2], [.. Frame, 3]];
        Assert.Equal(frames, Read(
            Blocks.Section(), Blocks.Interface(), Blocks.Packet(1, frames[0]),
            other.Section(), other.Interface(), other.Obsolete(1, frames[1]),
            Blocks.Section(), Blocks.Interface(), Blocks.Packet(1, frames[2])).Frames);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Kuznetzovs_records_have_eight_bytes_more(bool bigEndian)
    {
        byte[] file = CaptureFile.Classic(0xA1B2_CD34, bigEndian, []);
        byte[] more = [9, 9, 9, 9, 9, 9, 9, 9];
        byte[] length = CaptureFile.Word(60, bigEndian);
        byte[] record = [.. CaptureFile.Word(1, bigEndian), .. CaptureFile.Word(2, bigEndian), .. length, .. length,
            .. more, .. Frame];
        using CaptureReader reader = Open([file, record, record]);
        Assert.Equal([Frame, Frame], Rest(reader));
        Assert.Equal(1_000_002_000, reader.Nanoseconds);
    }

    [Fact]
    public void Frames_are_cut_at_the_files_snap_length_and_lengths_of_old_versions_put_in_order()
    {
        byte[] cut = CaptureFile.Classic(CaptureFile.Microseconds, false, Frame, Frame);
        CaptureFile.Word(20, false).CopyTo(cut, 16);
        Assert.Equal([Frame[..20], Frame[..20]], Read(cut).Frames);
        foreach (ushort minor in (ushort[])[2, 3])
        {
            byte[] old = CaptureFile.Classic(CaptureFile.Microseconds, false, Frame);
            CaptureFile.Half(minor, false).CopyTo(old, 6);
            CaptureFile.Word(1514, false).CopyTo(old, 32);
            Assert.Equal([Frame], Read(old).Frames);
        }
    }

    // Version 543.0, whose lengths are the other way round; link type 6 of a file of version 2.2, in nanoseconds.
    [Theory]
    [InlineData(543, 0, 1u, 2_000)]
    [InlineData(2, 2, 6u, 2)]
    public void Files_of_DG_UX_and_AIX_are_read(ushort major, ushort minor, uint linkType, int nanoseconds)
    {
        foreach (bool bigEndian in (bool[])[false, true])
        {
            byte[] file = CaptureFile.Classic(CaptureFile.Microseconds, bigEndian, Frame);
            CaptureFile.Half(major, bigEndian).CopyTo(file, 4);
            CaptureFile.Half(minor, bigEndian).CopyTo(file, 6);
            CaptureFile.Word(linkType, bigEndian).CopyTo(file, 20);
            CaptureFile.Word(2, bigEndian).CopyTo(file, 28);
            CaptureFile.Word(1514, bigEndian).CopyTo(file, 32);
            using CaptureReader reader = Open([file]);
            Assert.Equal([Frame], Rest(reader));
            Assert.Equal(1_000_000_000 + nanoseconds, reader.Nanoseconds);
        }
    }

    [Theory]
    [InlineData(0x1C00_01AC, 2)]
    [InlineData(0x1C00_01AB, 2_000)]
    public void Ixias_files_have_four_bytes_more_in_their_header(uint magic, int nanoseconds)
    {
        foreach (bool bigEndian in (bool[])[false, true])
        {
            byte[] file = CaptureFile.Classic(magic, bigEndian, Frame, Frame);
            CaptureFile.Word(2, bigEndian).CopyTo(file, 24 + 76 + 4);
            using CaptureReader reader = Open([file[..24], CaptureFile.Word(152, bigEndian), file[24..]]);
            for (int round = 0; round < 2; round++)
            {
                Assert.Equal([Frame, Frame], Rest(reader));
                Assert.Equal(1_000_000_000 + nanoseconds, reader.Nanoseconds);
                reader.Rewind();
            }
        }
    }

    [Theory]
    [InlineData("snoop\0\0\0", "snoop's kind; convert it with Wireshark's tools: editcap -F pcap")]
    [InlineData("RTSS", "Microsoft's Network Monitor; convert it")]
    [InlineData("GMBU", "Microsoft's Network Monitor; convert it")]
    [InlineData("TRSNIFF data", "the Sniffer's kind; convert it")]
    [InlineData("XCP\0", "the Sniffer for Windows; convert it")]
    [InlineData("\x4d\x3c\x2b\xa1", "Navtel's kind; neither libpcap nor Wireshark reads it")]
    [InlineData("\xa1\x2b\x3c\x4d", "Navtel's kind; neither libpcap nor Wireshark reads it")]
    [InlineData("\xa1\xb2\x34\xcd", "Mesquita's kind; neither")]
    [InlineData("\xa1\xb2\xc3\xcb", "a filter's program (cbpf-savefile); it has no frames")]
    [InlineData("#!/bin/sh", "a pcap file begins with 0xa1b2c3d4")]
    public void Files_of_other_kinds_are_told_as_what_they_are(string begin, string told)
    {
        byte[] file = [.. begin.Select(letter => (byte)letter), .. new byte[64]];
        Assert.Contains(told, Assert.Throws<PcapException>(() => Read(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Blocks_that_say_nothing_of_frames_are_left_out_up_to_libpcaps_limit()
    {
        byte[] secrets = Blocks.Block(10, new byte[(16 << 20) - 12]);
        Assert.Equal([Frame], Read(Blocks.Section(), secrets, Blocks.Interface(), Blocks.Packet(1, Frame)).Frames);
        byte[] more = Blocks.Block(10, new byte[(16 << 20) - 8]);
        (byte[][] frames, string? damage) = Read(Blocks.Section(), Blocks.Interface(), Blocks.Packet(1, Frame), more);
        Assert.Equal([Frame], frames);
        Assert.Contains("a block of 16777220 bytes", damage, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Packed))]
    public void Packed_files_are_told_as_such(string told, byte[] file) =>
        Assert.Equal($"it is compressed with {told} first", Assert.Throws<PcapException>(() => Read(file)).Message);

    [Fact]
    public void Of_every_cut_the_whole_frames_are_read_and_the_cut_is_told()
    {
        byte[] classic = CaptureFile.Classic(CaptureFile.Nanoseconds, false, Frame, Frame);
        AssertCuts(classic, 24, 24 + 16 + 60);
        byte[] next =
            [.. Blocks.Section(), .. Blocks.Interface(), .. Blocks.Packet(1, Frame), .. Blocks.Packet(2, Frame)];
        AssertCuts(next, 28 + 20, 28 + 20 + 92);
    }

    [Fact]
    public void What_is_before_damage_is_read_and_the_damage_is_told_with_its_place()
    {
        byte[] file = CaptureFile.Classic(CaptureFile.Nanoseconds, false, Frame, Frame, Frame);
        CaptureFile.Word(2_000_000_000, false).CopyTo(file, 24 + 76 + 4);
        (byte[][] frames, string? damage) = Read(file);
        Assert.Equal([Frame], frames);
        Assert.StartsWith("it: offset 104: a fraction of a second of 2000000000 nanoseconds", damage,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1u, 16)]
    [InlineData(3u, 12)]
    [InlineData(6u, 28)]
    [InlineData(2u, 28)]
    public void Blocks_too_short_for_what_they_are_are_damage(uint type, int length)
    {
        (byte[][] frames, string? damage) = Read(
            Blocks.Section(), Blocks.Interface(), Blocks.Packet(1, Frame), Blocks.Block(type, new byte[length - 12]),
            new byte[64]);
        Assert.Equal([Frame], frames);
        Assert.Contains($"a block of {length} bytes is too short for ", damage, StringComparison.Ordinal);
    }

    private static void AssertCuts(byte[] whole, int first, int second)
    {
        for (int length = first; length < whole.Length; length++)
        {
            (byte[][] frames, string? damage) = Read(whole[..length]);
            Assert.Equal(length >= second ? [Frame] : [], frames);
            Assert.Equal(length != first && length != second,
                damage?.Contains("the file ends ", StringComparison.Ordinal) ?? false);
        }
    }

    private static (byte[][] Frames, string? Damage) Read(params byte[][] parts)
    {
        using CaptureReader reader = Open(parts);
        return (Rest(reader), reader.Damage);
    }

    private static byte[][] Rest(CaptureReader reader)
    {
        var frames = new List<byte[]>();
        while (reader.TryRead())
        {
            frames.Add(reader.Frame.ToArray());
        }

        return [.. frames];
    }

    private static CaptureReader Open(byte[][] parts) =>
        CaptureReader.Open("it", new MemoryStream([.. parts.SelectMany(part => part)]));
}
