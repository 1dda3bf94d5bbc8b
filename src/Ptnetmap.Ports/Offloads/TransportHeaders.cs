using System.Buffers.Binary;

namespace Ptnetmap.Ports.Offloads;

/// <summary>The headers of a frame that is to be cut, Ethernet's to TCP's or UDP's, and what of them changes from
/// segment to segment. Every offset was checked against the frame.</summary>
internal readonly record struct TransportHeaders
{
    /// <summary>Bytes of an IPv4 header without options.</summary>
    internal const int V4Length = 20;

    /// <summary>Bytes of IPv6's fixed header.</summary>
    internal const int V6Length = 40;

    /// <summary>Bytes of a UDP header.</summary>
    internal const int UdpLength = 8;

    /// <summary>Bytes of a TCP header without options.</summary>
    internal const int TcpLength = 20;

    /// <summary>IP's number of TCP.</summary>
    internal const byte TcpProtocol = 6;

    /// <summary>IP's number of UDP.</summary>
    internal const byte UdpProtocol = 17;

    /// <summary>Where a TCP header has its checksum.</summary>
    internal const int TcpChecksum = 16;

    /// <summary>Where a UDP header has its checksum.</summary>
    internal const int UdpChecksum = 6;

    private const byte FinAndPush = 0x09;
    private const byte WindowReduced = 0x80;

    private bool IsV4 { get; init; }

    private bool IsTcp { get; init; }

    private int Network { get; init; }

    private int Transport { get; init; }

    private ushort Identification { get; init; }

    private uint Sequence { get; init; }

    private byte TcpFlags { get; init; }

    /// <summary>Bytes of all headers; the payload begins there.</summary>
    public int Length { get; init; }

    /// <summary>Finds the headers of <paramref name="frame"/>.</summary>
    /// <returns>False when they are cut off, are not those that <paramref name="header"/> names, or do not say the
    /// same: another protocol, a checksum elsewhere, an IP fragment, extension headers of IPv6.</returns>
    public static bool TryParse(ReadOnlySpan<byte> frame, VnetHeader header, out TransportHeaders headers)
    {
        headers = default;
        bool tcp = header.Type is SegmentationType.TcpV4 or SegmentationType.TcpV6;
        if ((!tcp && header.Type != SegmentationType.Udp) || (!tcp && header.ExplicitCongestion))
        {
            return false;
        }

        int network = Ethernet.FindPayload(frame, out ushort type);
        bool v4 = type == Ethernet.Ipv4;
        bool meant = header.Type switch
        {
            SegmentationType.TcpV4 => v4,
            SegmentationType.TcpV6 => type == Ethernet.Ipv6,
            _ => v4 || type == Ethernet.Ipv6,
        };
        int transport = !meant ? 0
            : v4 ? FindBehindV4(frame, network, tcp ? TcpProtocol : UdpProtocol)
            : FindBehindV6(frame, network, tcp ? TcpProtocol : UdpProtocol);
        if (transport == 0 || transport != header.ChecksumStart
            || header.ChecksumOffset != (tcp ? TcpChecksum : UdpChecksum))
        {
            return false;
        }

        int length = transport + (tcp ? LengthOfTcp(frame[transport..]) : UdpLength);
        if (length == transport || length > frame.Length)
        {
            return false;
        }

        headers = new TransportHeaders
        {
            IsV4 = v4,
            IsTcp = tcp,
            Network = network,
            Transport = transport,
            Length = length,
            Identification = v4 ? BinaryPrimitives.ReadUInt16BigEndian(frame[(network + 4)..]) : (ushort)0,
            Sequence = tcp ? BinaryPrimitives.ReadUInt32BigEndian(frame[(transport + 4)..]) : 0,
            TcpFlags = tcp ? frame[transport + 13] : (byte)0,
        };
        return true;
    }

    /// <summary>Whether IP's length field can say how long a segment of <paramref name="frameLength"/> bytes
    /// is.</summary>
    public bool Admits(int frameLength) => frameLength - Network - (IsV4 ? 0 : V6Length) <= ushort.MaxValue;

    /// <summary>Sets lengths, identification, sequence number, flags and checksums for one segment.</summary>
    /// <param name="headers">The headers, as they were or as the last call left them.</param>
    /// <param name="payload">The segment's payload.</param>
    /// <param name="index">Its number.</param>
    /// <param name="offset">Bytes of payload before it.</param>
    /// <param name="isLast">No segment follows.</param>
    public void Write(Span<byte> headers, ReadOnlySpan<byte> payload, int index, int offset, bool isLast)
    {
        int length = headers.Length - Transport + payload.Length;
        ulong pseudo = InternetChecksum.Add(0, (ushort)length);
        Span<byte> network = headers[Network..];
        if (IsV4)
        {
            WriteV4(network[..(Transport - Network)], length, index);
            pseudo = InternetChecksum.Add(pseudo, network.Slice(12, 8));
        }
        else
        {
            BinaryPrimitives.WriteUInt16BigEndian(network[4..], (ushort)length);
            pseudo = InternetChecksum.Add(pseudo, network.Slice(8, 32));
        }

        Span<byte> transport = headers[Transport..];
        if (IsTcp)
        {
            BinaryPrimitives.WriteUInt32BigEndian(transport[4..], Sequence + (uint)offset);
            int kept = (isLast ? 0xFF : ~FinAndPush) & (index == 0 ? 0xFF : ~WindowReduced);
            transport[13] = (byte)(TcpFlags & kept);
        }
        else
        {
            BinaryPrimitives.WriteUInt16BigEndian(transport[4..], (ushort)length);
        }

        Span<byte> field = transport[(IsTcp ? TcpChecksum : UdpChecksum)..];
        InternetChecksum.Store(field, 0);
        ulong sum = InternetChecksum.Add(pseudo, IsTcp ? TcpProtocol : UdpProtocol);
        ushort checksum = InternetChecksum.Finish(InternetChecksum.Add(InternetChecksum.Add(sum, transport), payload));
        InternetChecksum.Store(field, checksum == 0 ? ushort.MaxValue : checksum);
    }

    private void WriteV4(Span<byte> network, int transportLength, int index)
    {
        BinaryPrimitives.WriteUInt16BigEndian(network[2..], (ushort)(network.Length + transportLength));
        BinaryPrimitives.WriteUInt16BigEndian(network[4..], (ushort)(Identification + index));
        InternetChecksum.Store(network[10..], 0);
        InternetChecksum.Store(network[10..], InternetChecksum.Finish(InternetChecksum.Add(0, network)));
    }

    // The offset behind the IP header; 0 when it is none, or the packet is a fragment.
    private static int FindBehindV4(ReadOnlySpan<byte> frame, int network, byte protocol)
    {
        if (frame.Length < network + V4Length)
        {
            return 0;
        }

        ReadOnlySpan<byte> header = frame[network..];
        int length = (header[0] & 0xF) * 4;
        int fragment = BinaryPrimitives.ReadUInt16BigEndian(header[6..]) & 0x3FFF;
        bool sound = header[0] >> 4 == 4 && length >= V4Length && header[9] == protocol && fragment == 0
            && header.Length >= length;
        return sound ? network + length : 0;
    }

    private static int FindBehindV6(ReadOnlySpan<byte> frame, int network, byte protocol) =>
        frame.Length >= network + V6Length && frame[network] >> 4 == 6 && frame[network + 6] == protocol
            ? network + V6Length
            : 0;

    // 0 when it is cut off or says less than there must be.
    private static int LengthOfTcp(ReadOnlySpan<byte> header)
    {
        int length = header.Length < TcpLength ? 0 : (header[12] >> 4) * 4;
        return length < TcpLength ? 0 : length;
    }
}
