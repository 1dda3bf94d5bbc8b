namespace Ptnetmap.Tests.Ports.Offloads;

/// <summary>What the headers of a test's frame are.</summary>
internal sealed record TestShape
{
    public bool IsV4 { get; init; } = true;

    public bool IsTcp { get; init; } = true;

    /// <summary>802.1Q tags.</summary>
    public int Tags { get; init; }

    /// <summary>Bytes of IPv4 options, a multiple of 4.</summary>
    public int IpOptions { get; init; }

    /// <summary>Bytes of TCP options, a multiple of 4.</summary>
    public int TcpOptions { get; init; }

    public byte Flags { get; init; } = TestPackets.Ack;

    public uint Sequence { get; init; } = 1000;

    public ushort Identification { get; init; } = 7;

    public int NetworkOffset => 14 + (4 * Tags);

    public int NetworkLength => IsV4 ? 20 + IpOptions : 40;

    public int TransportOffset => NetworkOffset + NetworkLength;

    public int HeaderLength => TransportOffset + (IsTcp ? 20 + TcpOptions : 8);
}
