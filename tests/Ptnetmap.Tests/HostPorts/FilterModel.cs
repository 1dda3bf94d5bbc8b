using System.Buffers.Binary;
using Ptnetmap.HostPorts.Xdp;

namespace Ptnetmap.Tests.HostPorts;

/// <summary>What <see cref="XdpProgram"/> is to do with a frame, in plain words.</summary>
internal static class FilterModel
{
    internal static bool Matches(NicFilter filter, ReadOnlySpan<byte> frame)
    {
        try
        {
            return MatchesWhole(filter, frame);
        }
        catch (ArgumentOutOfRangeException)
        {
            // A header is cut off.
            return false;
        }
    }

    private static bool MatchesWhole(NicFilter filter, ReadOnlySpan<byte> frame)
    {
        if (filter.Mac is { } mac && !frame[..6].SequenceEqual(mac.ToBytes()))
        {
            return false;
        }

        if (filter with { Mac = null } == new NicFilter())
        {
            return true;
        }

        ReadOnlySpan<byte> rest = frame[12..];
        int? vlan = null;
        for (int tag = 0; tag < 2 && Number(rest) is 0x8100 or 0x88A8; tag++)
        {
            _ = rest[..6];
            vlan ??= Number(rest[2..]) & 0xFFF;
            rest = rest[4..];
        }

        int etherType = Number(rest);
        return (filter.Vlan is null || filter.Vlan == vlan)
            && (filter.EtherType is null || filter.EtherType == etherType)
            && (!NeedsIp(filter) || MatchesIp(filter, etherType, rest[2..]));
    }

    private static bool NeedsIp(NicFilter filter) =>
        filter.Protocol is not null || filter.UdpPort is not null || filter.TcpPort is not null;

    private static bool MatchesIp(NicFilter filter, int etherType, ReadOnlySpan<byte> packet)
    {
        bool four = etherType == 0x0800;
        if (!four && etherType != 0x86DD)
        {
            return false;
        }

        ReadOnlySpan<byte> header = packet[..(four ? 20 : 40)];
        int protocol = header[four ? 9 : 6];
        if (filter.Protocol is not null)
        {
            return protocol == filter.Protocol;
        }

        int length = four ? (header[0] & 15) * 4 : 40;
        if (four && ((Number(header[6..]) & 0x3FFF) != 0 || length < 20))
        {
            return false;
        }

        int port = Number(packet.Slice(length, 4)[2..]);
        return (protocol == 17 && port == filter.UdpPort) || (protocol == 6 && port == filter.TcpPort);
    }

    private static int Number(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16BigEndian(bytes[..2]);
}
