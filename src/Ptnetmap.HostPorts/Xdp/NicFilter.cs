using System.Globalization;

namespace Ptnetmap.HostPorts.Xdp;

/// <summary>Which frames of a NIC's queue go to its port; the others go on to the kernel's stack. A frame has to have
/// all that is set; with both a UDP and a TCP port, one of these two. Frames are looked into behind up to two VLAN
/// tags. Fragments of IP packets, and IPv6 packets with extension headers, have no port that could be seen.</summary>
public sealed record NicFilter
{
    private const int MaxVlan = 4094;
    private const int MinEtherType = 0x0600;

    private const string EverythingText = "everything";

    private const string Allowed =
        "a filter is everything, or a list of mac=52:54:00:12:34:56, vlan=1..4094, ethertype=0x0600..0xffff, " +
        "protocol=0..255, " +
        "udp=1..65535 and tcp=1..65535, each at most once, with commas between";

    /// <summary>All frames: no condition is set.</summary>
    public static NicFilter Everything { get; } = new();

    /// <summary>The destination's MAC address.</summary>
    public MacAddress? Mac { get; init; }

    /// <summary>The VLAN id of the (outer) tag; an untagged frame has none.</summary>
    public int? Vlan { get; init; }

    /// <summary>The EtherType behind the tags.</summary>
    public int? EtherType { get; init; }

    /// <summary>The protocol of an IPv4 packet, or the next header of an IPv6 one.</summary>
    public int? Protocol { get; init; }

    /// <summary>The destination port of UDP.</summary>
    public int? UdpPort { get; init; }

    /// <summary>The destination port of TCP.</summary>
    public int? TcpPort { get; init; }

    /// <summary>True when a port is asked for.</summary>
    internal bool NeedsPort => UdpPort is not null || TcpPort is not null;

    /// <summary>Reads the text form: <c>mac=52:54:00:12:34:56,vlan=7,udp=4789</c>, or <c>everything</c>.</summary>
    /// <exception cref="FormatException">It is none, or no frame could have all of it; the message says what is
    /// allowed.</exception>
    public static NicFilter Parse(string text)
    {
        if (string.Equals(text, EverythingText, StringComparison.Ordinal))
        {
            return Everything;
        }

        NicFilter filter = Everything;
        HashSet<string> seen = [];
        foreach (string part in text.Split(','))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            string key = equals < 0 ? part.Trim() : part[..equals].Trim();
            string value = equals < 0 ? "" : part[(equals + 1)..].Trim();
            if (!seen.Add(key))
            {
                throw new FormatException($"filter '{text}': {key} stands in it twice; {Allowed}");
            }

            filter = filter.With(key, value)
                ?? throw new FormatException($"filter '{text}': '{part.Trim()}' is not allowed; {Allowed}");
        }

        return filter.Contradiction is { } reason
            ? throw new FormatException($"filter '{text}': {reason}; {Allowed}")
            : filter;
    }

    /// <summary>The text form; <c>everything</c> where no condition is set.</summary>
    public override string ToString()
    {
        if (this == Everything)
        {
            return EverythingText;
        }

        List<string> parts = [];
        Add(parts, "mac", Mac);
        Add(parts, "vlan", Vlan);
        Add(parts, "ethertype", EtherType is { } type ? $"0x{type:x4}" : null);
        Add(parts, "protocol", Protocol);
        Add(parts, "udp", UdpPort);
        Add(parts, "tcp", TcpPort);
        return string.Join(',', parts);
    }

    private static void Add(List<string> parts, string key, object? value)
    {
        if (value is not null)
        {
            parts.Add($"{key}={value}");
        }
    }

    private string? Contradiction => this switch
    {
        { NeedsPort: true, Protocol: not null } => "protocol is said by udp and tcp already",
        { EtherType: not (null or Ethernet.Ipv4 or Ethernet.Ipv6) } when NeedsPort || Protocol is not null =>
            $"only IPv4 (ethertype=0x{Ethernet.Ipv4:x4}) and IPv6 (0x{Ethernet.Ipv6:x4}) have protocols and ports",
        _ => null,
    };

    // Null when the key or the value is none.
    private NicFilter? With(string key, string value) => key switch
    {
        "mac" => MacAddress.TryParse(value, out MacAddress mac, fewestDigits: 1) ? this with { Mac = mac } : null,
        "vlan" => Number(value, 1, MaxVlan) is { } vlan ? this with { Vlan = vlan } : null,
        "ethertype" => Number(value, MinEtherType, ushort.MaxValue) is { } type ? this with { EtherType = type } : null,
        "protocol" => Number(value, 0, byte.MaxValue) is { } protocol ? this with { Protocol = protocol } : null,
        "udp" => Number(value, 1, ushort.MaxValue) is { } udp ? this with { UdpPort = udp } : null,
        "tcp" => Number(value, 1, ushort.MaxValue) is { } tcp ? this with { TcpPort = tcp } : null,
        _ => null,
    };

    private static int? Number(string text, int low, int high)
    {
        bool hexadecimal = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        return int.TryParse(
            hexadecimal ? text.AsSpan(2) : text, hexadecimal ? NumberStyles.AllowHexSpecifier : NumberStyles.None,
            CultureInfo.InvariantCulture, out int value) && value >= low && value <= high
            ? value
            : null;
    }
}
