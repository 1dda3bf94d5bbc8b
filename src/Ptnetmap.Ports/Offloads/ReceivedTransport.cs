using System.Buffers.Binary;

namespace Ptnetmap.Ports.Offloads;

/// <summary>The part of a received frame that a TCP, UDP or SCTP checksum is about. Start and length lie in the frame,
/// whatever stands in it and whoever writes to it meanwhile: headers are copied before they are believed.</summary>
internal readonly record struct ReceivedTransport
{
    /// <summary>Where an SCTP header has its CRC.</summary>
    internal const int SctpChecksum = 8;

    private const byte SctpProtocol = 132;
    private const byte HopByHop = 0;
    private const byte Routing = 43;
    private const byte Destination = 60;
    private const int SctpLength = 12;
    private const int LeastExtension = 8;

    // Each takes 8 bytes at least: nobody has more, and a frame of nothing else costs no more.
    private const int MaxExtensions = 8;

    private byte Protocol { get; init; }

    /// <summary>Where its header begins.</summary>
    internal int Start { get; private init; }

    /// <summary>Bytes of header and payload.</summary>
    internal int Length { get; private init; }

    /// <summary>The sum of the pseudo header, by <see cref="InternetChecksum"/>.</summary>
    internal ulong PseudoSum { get; private init; }

    /// <summary>True for SCTP, which has a CRC.</summary>
    internal bool IsSctp => Protocol == SctpProtocol;

    /// <summary>True for UDP, where a checksum of 0 is none.</summary>
    internal bool IsUdp => Protocol == TransportHeaders.UdpProtocol;

    /// <summary>Where the header has its checksum, if it is not SCTP.</summary>
    internal int Field => IsUdp ? TransportHeaders.UdpChecksum : TransportHeaders.TcpChecksum;

    /// <summary>Finds it.</summary>
    /// <returns>False when there is no such checksum, or not all that it is about: another protocol, a fragment, a cut
    /// frame.</returns>
    internal static bool TryFind(ReadOnlySpan<byte> frame, out ReceivedTransport found)
    {
        found = default;
        if (frame.Length < Ethernet.HeaderLength)
        {
            return false;
        }

        int network = Ethernet.FindPayload(frame, out ushort type);
        return type switch
        {
            Ethernet.Ipv4 => TryFindV4(frame, network, out found),
            Ethernet.Ipv6 => TryFindV6(frame, network, out found),
            _ => false,
        };
    }

    private static bool TryFindV4(ReadOnlySpan<byte> frame, int network, out ReceivedTransport found)
    {
        found = default;
        Span<byte> header = stackalloc byte[TransportHeaders.V4Length];
        if (frame.Length < network + header.Length)
        {
            return false;
        }

        frame.Slice(network, header.Length).CopyTo(header);
        int headerLength = (header[0] & 0xF) * 4;
        int total = BinaryPrimitives.ReadUInt16BigEndian(header[2..]);
        bool isFragment = (BinaryPrimitives.ReadUInt16BigEndian(header[6..]) & 0x3FFF) != 0;
        return header[0] >> 4 == 4 && headerLength >= header.Length && !isFragment
            && TryMake(frame, header[9], network + headerLength, network + total, header.Slice(12, 8), out found);
    }

    private static bool TryFindV6(ReadOnlySpan<byte> frame, int network, out ReceivedTransport found)
    {
        found = default;
        Span<byte> header = stackalloc byte[TransportHeaders.V6Length];
        if (frame.Length < network + header.Length)
        {
            return false;
        }

        frame.Slice(network, header.Length).CopyTo(header);
        int end = network + header.Length + BinaryPrimitives.ReadUInt16BigEndian(header[4..]);
        int at = network + header.Length;
        byte next = header[6];
        for (int i = 0; i < MaxExtensions && next is HopByHop or Routing or Destination; i++)
        {
            if (frame.Length < at + LeastExtension)
            {
                return false;
            }

            // With hops to go (the fourth byte), the sum has another destination than the header.
            byte before = next;
            uint words = BinaryPrimitives.ReadUInt32BigEndian(frame[at..]);
            if (before == Routing && (words & 0xFF) != 0)
            {
                return false;
            }

            next = (byte)(words >> 24);
            at += LeastExtension + (8 * (byte)(words >> 16));
        }

        return header[0] >> 4 == 6 && TryMake(frame, next, at, end, header.Slice(8, 32), out found);
    }

    private static bool TryMake(
        ReadOnlySpan<byte> frame, byte protocol, int start, int end, ReadOnlySpan<byte> addresses,
        out ReceivedTransport found)
    {
        found = default;
        int least = protocol switch
        {
            TransportHeaders.TcpProtocol => TransportHeaders.TcpLength,
            TransportHeaders.UdpProtocol => TransportHeaders.UdpLength,
            SctpProtocol => SctpLength,
            _ => int.MaxValue,
        };
        int length = end - start;
        if (end > frame.Length || length < least)
        {
            return false;
        }

        if (protocol == TransportHeaders.UdpProtocol)
        {
            // UDP says itself how long it is, and may be shorter than IP's payload.
            int said = BinaryPrimitives.ReadUInt16BigEndian(frame[(start + 4)..]);
            if (said < least || said > length)
            {
                return false;
            }

            length = said;
        }

        ulong pseudo =
            InternetChecksum.Add(InternetChecksum.Add(InternetChecksum.Add(0, addresses), protocol), (ushort)length);
        found = new ReceivedTransport { Protocol = protocol, Start = start, Length = length, PseudoSum = pseudo };
        return true;
    }
}
