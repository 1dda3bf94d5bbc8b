using System.Buffers.Binary;

namespace Ptnetmap.Abi;

/// <summary>The virtio-net header that stands before a frame (<c>struct virtio_net_hdr_v1</c>, virtio 1.2, 5.1.6): what
/// the sender left to be done. Little-endian; a private copy of what was read once.
/// <code>
///  0       1          2         4          6            8             10            12
///  | flags | gso_type | hdr_len | gso_size | csum_start | csum_offset | num_buffers | frame
/// </code></summary>
/// <param name="Flags"><c>flags</c>; bits that are not known mean nothing.</param>
/// <param name="Type"><c>gso_type</c> without <see cref="ExplicitCongestion"/>.</param>
/// <param name="ExplicitCongestion"><c>VIRTIO_NET_HDR_GSO_ECN</c>: the TCP packet has ECN bits.</param>
/// <param name="HeaderLength"><c>hdr_len</c>, a hint: bytes of all headers, or of what the sender had in one
/// piece.</param>
/// <param name="SegmentSize"><c>gso_size</c>: bytes of payload of a segment.</param>
/// <param name="ChecksumStart"><c>csum_start</c>: first byte of the frame that is summed.</param>
/// <param name="ChecksumOffset"><c>csum_offset</c>: where the checksum goes, from there.</param>
public readonly record struct VnetHeader(
    byte Flags, SegmentationType Type, bool ExplicitCongestion, ushort HeaderLength, ushort SegmentSize,
    ushort ChecksumStart, ushort ChecksumOffset)
{
    /// <summary>Bytes of it.</summary>
    public const int Length = 12;

    /// <summary><c>VIRTIO_NET_HDR_F_NEEDS_CSUM</c>.</summary>
    public const byte NeedsChecksumFlag = 1;

    private const byte EcnBit = 0x80;

    /// <summary>The checksum is left to be done.</summary>
    public bool NeedsChecksum => (Flags & NeedsChecksumFlag) != 0;

    /// <summary>Nothing is left to be done: the frame is good as it stands.</summary>
    public bool IsPlain => !NeedsChecksum && Type == SegmentationType.None && !ExplicitCongestion;

    /// <summary>Reads one off the first <see cref="Length"/> bytes.</summary>
    public static VnetHeader Read(ReadOnlySpan<byte> bytes)
    {
        ulong first = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        byte type = (byte)(first >> 8);
        return new VnetHeader(
            (byte)first,
            (SegmentationType)(type & ~EcnBit),
            (type & EcnBit) != 0,
            (ushort)(first >> 16),
            (ushort)(first >> 32),
            (ushort)(first >> 48),
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]));
    }

    /// <summary>Writes it into the first <see cref="Length"/> bytes; <c>num_buffers</c> is 0.</summary>
    public void Write(Span<byte> bytes)
    {
        bytes[0] = Flags;
        bytes[1] = (byte)((byte)Type | (ExplicitCongestion ? EcnBit : 0));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[2..], HeaderLength);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[4..], SegmentSize);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[6..], ChecksumStart);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[8..], ChecksumOffset);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[10..], 0);
    }

    /// <summary>Says of the header in the first <see cref="Length"/> bytes that what it speaks of has moved in the
    /// frame: a VLAN tag was put in or taken out before it.</summary>
    /// <param name="bytes">The header.</param>
    /// <param name="by">Bytes. What would lie outside of any frame then lies at its edge.</param>
    public static void Move(Span<byte> bytes, int by)
    {
        var header = Read(bytes);
        if (header.NeedsChecksum)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes[6..],
                (ushort)Math.Clamp(header.ChecksumStart + by, 0, ushort.MaxValue));
        }

        if (header.HeaderLength != 0)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes[2..],
                (ushort)Math.Clamp(header.HeaderLength + by, 0, ushort.MaxValue));
        }
    }
}
