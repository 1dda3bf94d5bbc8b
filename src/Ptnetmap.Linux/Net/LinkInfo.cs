using System.Buffers.Binary;

namespace Ptnetmap.Linux.Net;

/// <summary>A network interface as rtnetlink describes it (<c>RTM_NEWLINK</c>, <c>linux/if_link.h</c>).</summary>
public sealed record LinkInfo
{
    internal const int FixedSize = 16;

    private const uint FlagUp = 0x1;
    private const uint FlagPromiscuous = 0x100;
    private const uint FlagLowerUp = 0x10000;

    private const int HardwareAddressAttribute = 1;
    private const int NameAttribute = 3;
    private const int MtuAttribute = 4;
    private const int OperationalStateAttribute = 16;
    private const int AliasAttribute = 20;
    private const int LinkInformationAttribute = 18;
    private const int StatisticsAttribute = 23;
    private const int PromiscuityAttribute = 30;
    private const int TransmitQueuesAttribute = 31;
    private const int ReceiveQueuesAttribute = 32;
    private const int XdpAttribute = 43;
    private const int PermanentAddressAttribute = 54;
    private const int KindInNest = 1;
    private const int DataInNest = 2;
    private const string TapKind = "tun";
    private const int XdpAttachedInNest = 2;
    private const int XdpProgramInNest = 4;

    /// <summary>Its number, in its network namespace.</summary>
    public int Index { get; private init; }

    /// <summary>Its name.</summary>
    public string Name { get; private set; } = "";

    /// <summary>What made it, <c>veth</c> say; empty for hardware.</summary>
    public string Kind { get; private set; } = "";

    /// <summary>What there is to know of it if it is a TUN or TAP interface; null otherwise.</summary>
    public TapState? Tap { get; private set; }

    /// <summary>The note on it for people (<c>ifalias</c>); empty when it has none.</summary>
    public string Alias { get; private set; } = "";

    /// <summary>Bytes of the largest packet, without the Ethernet header.</summary>
    public int Mtu { get; private set; }

    /// <summary>Its MAC address; null of one that is no Ethernet interface.</summary>
    public MacAddress? Mac { get; private set; }

    /// <summary>The MAC address that its hardware was made with, whatever it has now (Linux 5.6); null of one that
    /// has no hardware.</summary>
    public MacAddress? PermanentMac { get; private set; }

    /// <summary>It is set up (<c>IFF_UP</c>).</summary>
    public bool IsUp { get; private init; }

    /// <summary>It has a carrier (<c>IFF_LOWER_UP</c>).</summary>
    public bool HasCarrier { get; private init; }

    /// <summary>It was set to receive all frames by its flags (<c>IFF_PROMISC</c>); see also
    /// <see cref="Promiscuity"/>.</summary>
    public bool IsPromiscuous { get; private init; }

    /// <summary>How many users want all frames of it.</summary>
    public int Promiscuity { get; private set; }

    /// <summary>What it is able to do.</summary>
    public OperationalState State { get; private set; }

    /// <summary>Receive queues that it was made with; of hardware, the most that it can have.</summary>
    public int ReceiveQueues { get; private set; }

    /// <summary>Transmit queues that it was made with; of hardware, the most that it can have.</summary>
    public int TransmitQueues { get; private set; }

    /// <summary>The number of the XDP program that is attached, 0 when there is none.</summary>
    public uint XdpProgramId { get; private set; }

    /// <summary>Where it runs: 0 none, 1 driver, 2 generic, 3 offloaded, 4 several (<c>XDP_ATTACHED_*</c>).</summary>
    public int XdpAttached { get; private set; }

    /// <summary>What the kernel counted on it; null when the message does not say.</summary>
    public LinkStatistics? Statistics { get; private set; }

    /// <summary>Reads what is behind the header of a message.</summary>
    /// <returns>Null when it is too short.</returns>
    internal static LinkInfo? TryParse(ReadOnlySpan<byte> body)
    {
        if (body.Length < FixedSize)
        {
            return null;
        }

        // struct ifinfomsg: family, pad, type (16 bits), index, flags, change.
        uint flags = BinaryPrimitives.ReadUInt32LittleEndian(body[8..]);
        var link = new LinkInfo
        {
            Index = BinaryPrimitives.ReadInt32LittleEndian(body[4..]),
            IsUp = (flags & FlagUp) != 0,
            HasCarrier = (flags & FlagLowerUp) != 0,
            IsPromiscuous = (flags & FlagPromiscuous) != 0,
        };
        var attributes = new NetlinkAttributes(body[FixedSize..]);
        while (attributes.MoveNext())
        {
            link.Take(attributes);
        }

        return link;
    }

    private void Take(NetlinkAttributes attribute)
    {
        switch (attribute.Type)
        {
            case HardwareAddressAttribute:
                Mac = MacOf(attribute.Value);
                break;
            case PermanentAddressAttribute:
                PermanentMac = MacOf(attribute.Value);
                break;
            case NameAttribute:
                Name = attribute.Text;
                break;
            case MtuAttribute:
                Mtu = (int)attribute.Number;
                break;
            case AliasAttribute:
                Alias = attribute.Text;
                break;
            case OperationalStateAttribute:
                State = (OperationalState)attribute.Number;
                break;
            case PromiscuityAttribute:
                Promiscuity = (int)attribute.Number;
                break;
            case TransmitQueuesAttribute:
                TransmitQueues = (int)attribute.Number;
                break;
            case ReceiveQueuesAttribute:
                ReceiveQueues = (int)attribute.Number;
                break;
            case StatisticsAttribute:
                Statistics = LinkStatistics.TryParse(attribute.Value);
                break;
            case LinkInformationAttribute:
                TakeKind(attribute.Value);
                break;
            case XdpAttribute:
                TakeXdp(attribute.Value);
                break;
            default:
                break;
        }
    }

    private static MacAddress? MacOf(ReadOnlySpan<byte> address) =>
        address.Length == MacAddress.Length ? MacAddress.Read(address) : null;

    private void TakeKind(ReadOnlySpan<byte> nest)
    {
        var attributes = new NetlinkAttributes(nest);
        while (attributes.MoveNext())
        {
            if (attributes.Type == KindInNest)
            {
                Kind = attributes.Text;
            }
            else if (attributes.Type == DataInNest && string.Equals(Kind, TapKind, StringComparison.Ordinal))
            {
                Tap = TapState.Parse(attributes.Value);
            }
        }
    }

    private void TakeXdp(ReadOnlySpan<byte> nest)
    {
        var attributes = new NetlinkAttributes(nest);
        while (attributes.MoveNext())
        {
            if (attributes.Type == XdpAttachedInNest)
            {
                XdpAttached = (int)attributes.Number;
            }
            else if (attributes.Type == XdpProgramInNest)
            {
                XdpProgramId = attributes.Number;
            }
        }
    }
}
