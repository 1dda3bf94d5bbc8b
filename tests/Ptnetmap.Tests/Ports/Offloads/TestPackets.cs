using System.Buffers.Binary;

namespace Ptnetmap.Tests.Ports.Offloads;

/// <summary>Makes TCP and UDP frames and takes them apart, byte by byte and by the RFCs: nothing of what is tested is
/// used.</summary>
internal static class TestPackets
{
    internal const byte Fin = 1;
    internal const byte Push = 8;
    internal const byte Ack = 16;
    internal const byte Cwr = 128;

    /// <summary>RFC 1071, a word at a time.</summary>
    internal static int Checksum(params ReadOnlySpan<byte> bytes)
    {
        int sum = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            sum += i % 2 == 0 ? bytes[i] << 8 : bytes[i];
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return ~sum & 0xFFFF;
    }

    /// <summary>A frame from station <paramref name="from"/> to <paramref name="to"/>.</summary>
    internal static byte[] Make(TestShape shape, ReadOnlySpan<byte> payload, int to = 20, int from = 10)
    {
        byte[] transport = shape.IsTcp ? Tcp(shape, payload) : Udp(shape, payload);
        byte[] network = shape.IsV4 ? V4(shape, transport) : V6(shape, transport);
        byte[] tags = [.. Enumerable.Repeat((byte[])[0x81, 0, 0, 5], shape.Tags).SelectMany(tag => tag)];
        byte[] type = shape.IsV4 ? [8, 0] : [0x86, 0xDD];
        byte[] frame = [2, 0, 0, 0, 0, (byte)to, 2, 0, 0, 0, 0, (byte)from, .. tags, .. type, .. network];
        return frame;
    }

    /// <summary>The header by which a guest's kernel sends such a frame.</summary>
    internal static VnetHeader Header(TestShape shape, int segmentSize) => new(
        VnetHeader.NeedsChecksumFlag,
        segmentSize == 0 ? SegmentationType.None
            : !shape.IsTcp ? SegmentationType.Udp
            : shape.IsV4 ? SegmentationType.TcpV4 : SegmentationType.TcpV6,
        ExplicitCongestion: segmentSize != 0 && (shape.Flags & Cwr) != 0 && shape.IsTcp,
        (ushort)shape.HeaderLength,
        (ushort)segmentSize,
        (ushort)shape.TransportOffset,
        (ushort)(shape.IsTcp ? 16 : 6));

    /// <summary>Header and frame, as they stand in the slots.</summary>
    internal static byte[] With(VnetHeader header, ReadOnlySpan<byte> frame)
    {
        var packet = new byte[VnetHeader.Length + frame.Length];
        header.Write(packet);
        frame.CopyTo(packet.AsSpan(VnetHeader.Length));
        return packet;
    }

    /// <summary>True when IP's and TCP's or UDP's checksums are right.</summary>
    internal static bool HasGoodChecksums(TestShape shape, ReadOnlySpan<byte> frame)
    {
        ReadOnlySpan<byte> network = frame[shape.NetworkOffset..];
        ReadOnlySpan<byte> transport = frame[shape.TransportOffset..];
        byte[] addresses = shape.IsV4 ? network.Slice(12, 8).ToArray() : network.Slice(8, 32).ToArray();
        byte[] pseudo = Pseudo(shape, addresses, transport.Length);
        return (!shape.IsV4 || Checksum(network[..shape.NetworkLength]) == 0)
            && Checksum([.. pseudo, .. transport]) == 0
            && (shape.IsTcp || transport[6] != 0 || transport[7] != 0);
    }

    private static byte[] Tcp(TestShape shape, ReadOnlySpan<byte> payload)
    {
        byte[] header = new byte[20 + shape.TcpOptions];
        header.AsSpan(20).Fill(1);
        BinaryPrimitives.WriteUInt32BigEndian(header, 0x1234_0050);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), shape.Sequence);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(8), 0xABCD_EF01);
        header[12] = (byte)(header.Length / 4 << 4);
        header[13] = shape.Flags;
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(14), 501);
        return Partial(shape, header, payload, field: 16);
    }

    private static byte[] Udp(TestShape shape, ReadOnlySpan<byte> payload)
    {
        byte[] header = [0x12, 0x34, 0, 53, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(4), (ushort)(8 + payload.Length));
        return Partial(shape, header, payload, field: 6);
    }

    // The checksum field as a kernel leaves it: the pseudo header's sum.
    private static byte[] Partial(TestShape shape, byte[] header, ReadOnlySpan<byte> payload, int field)
    {
        byte[] pseudo = Pseudo(shape, shape.IsV4 ? Addresses[..8] : Addresses, header.Length + payload.Length);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(field), (ushort)~Checksum(pseudo));
        return [.. header, .. payload];
    }

    private static byte[] Addresses { get; } =
        [10, 0, 0, 1, 10, 0, 0, 2, .. Enumerable.Range(100, 24).Select(i => (byte)i)];

    private static byte[] Pseudo(TestShape shape, byte[] addresses, int length)
    {
        byte protocol = shape.IsTcp ? (byte)6 : (byte)17;
        byte[] size = [(byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length];
        return shape.IsV4 ? [.. addresses, 0, protocol, size[2], size[3]] : [.. addresses, .. size, 0, 0, 0, protocol];
    }

    private static byte[] V4(TestShape shape, byte[] transport)
    {
        byte[] header = new byte[20 + shape.IpOptions];
        header.AsSpan(20).Fill(1);
        header[0] = (byte)(0x40 | (header.Length / 4));
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), (ushort)(header.Length + transport.Length));
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(4), shape.Identification);
        header[6] = 0x40;
        header[8] = 64;
        header[9] = shape.IsTcp ? (byte)6 : (byte)17;
        Addresses.AsSpan(0, 8).CopyTo(header.AsSpan(12));
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(10), (ushort)Checksum(header));
        return [.. header, .. transport];
    }

    private static byte[] V6(TestShape shape, byte[] transport)
    {
        byte[] header = new byte[40];
        header[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(4), (ushort)transport.Length);
        header[6] = shape.IsTcp ? (byte)6 : (byte)17;
        header[7] = 64;
        Addresses.CopyTo(header.AsSpan(8));
        return [.. header, .. transport];
    }
}
