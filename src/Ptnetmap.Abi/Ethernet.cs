using System.Buffers.Binary;

namespace Ptnetmap.Abi;

/// <summary>The header of a frame (IEEE 802.3, 3.1; tags by 802.1Q, 9.5), numbers with their highest byte first.
/// <code>
///  0             6        12     14
///  | destination | source | type | payload
///  0             6        12       14                 16     18
///  | destination | source | 0x8100 | 3 PCP 1 DEI 12 ID | type | payload        with a tag
/// </code>
/// Two tags at most are looked behind.</summary>
public static class Ethernet
{
    /// <summary>Bytes of a header without tags.</summary>
    public const int HeaderLength = 14;

    /// <summary>Where the type is, or that of the first tag.</summary>
    public const int TypeOffset = 12;

    /// <summary>Bytes that a VLAN tag adds.</summary>
    public const int TagLength = 4;

    /// <summary>Tags that are looked behind.</summary>
    public const int MaxTags = 2;

    /// <summary>The VLAN's id in a tag's control information.</summary>
    public const ushort VlanIdMask = 0x0FFF;

    /// <summary>EtherType of IPv4.</summary>
    public const ushort Ipv4 = 0x0800;

    /// <summary>EtherType of IPv6.</summary>
    public const ushort Ipv6 = 0x86DD;

    /// <summary>EtherType of a customer's VLAN tag (802.1Q).</summary>
    public const ushort CustomerTag = 0x8100;

    /// <summary>EtherType of a provider's VLAN tag (802.1ad).</summary>
    public const ushort ServiceTag = 0x88A8;

    /// <summary>Where the payload of a frame is, behind the tags, and its EtherType.</summary>
    /// <param name="frame">At least <see cref="HeaderLength"/> bytes; of a tag that is cut off, the type is the
    /// tag's.</param>
    /// <param name="type">The type.</param>
    public static int FindPayload(ReadOnlySpan<byte> frame, out ushort type)
    {
        int offset = HeaderLength;
        type = BinaryPrimitives.ReadUInt16BigEndian(frame[TypeOffset..]);
        for (int tags = 0; type is CustomerTag or ServiceTag && tags < MaxTags
            && frame.Length >= offset + TagLength; tags++)
        {
            offset += TagLength;
            type = BinaryPrimitives.ReadUInt16BigEndian(frame[(offset - sizeof(ushort))..]);
        }

        return offset;
    }
}
