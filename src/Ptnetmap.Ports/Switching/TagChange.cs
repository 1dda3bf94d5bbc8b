using System.Buffers.Binary;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Ports.Switching;

/// <summary>What becomes of a frame's VLAN tag on the way to one receiver. What was decided is what arrives, whatever
/// the sender has written there since: a tag names the VLAN that was found, and a frame that had none leaves without.
/// <code>
///  0             12       16                0             12
///  | addresses   | tag    | type, payload   | addresses   | type, payload
/// </code></summary>
/// <param name="Found">The frame's VLAN, and whether it has a tag; nothing on a switch without VLANs.</param>
/// <param name="GetsTag">Whether it leaves with one.</param>
internal readonly record struct TagChange(FrameVlan Found, bool GetsTag)
{
    /// <summary>Bytes of the shortest frame of Ethernet, without its checksum.</summary>
    private const int ShortestOnWire = 60;

    private static readonly byte[] Padding = new byte[Ethernet.TagLength];

    /// <summary>Bytes that the tag adds (or takes, when negative).</summary>
    public int Added => ((GetsTag ? 1 : 0) - (Found.HasTag ? 1 : 0)) * Ethernet.TagLength;

    /// <summary>What becomes of a frame's tag at a receiver.</summary>
    public static TagChange To(PortVlans receiver, FrameVlan found) => new(found, receiver.IsTagged(found.Id));

    /// <summary>Bytes of a frame of <paramref name="length"/> bytes afterwards. One that was long enough for a wire
    /// stays so.</summary>
    public long LengthOf(long length) => length + Added + PaddingOf(length);

    /// <summary>Appends a frame, or the first piece of one.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="piece">Its header, with the tag if it has one, and what comes behind.</param>
    public void Write(ref FrameWriter writer, ReadOnlySpan<byte> piece)
    {
        if (Found == default)
        {
            writer.Write(piece);
            return;
        }

        Span<byte> tag = stackalloc byte[Ethernet.TagLength];
        ReadOnlySpan<byte> behind = piece[(Ethernet.TypeOffset + (Found.HasTag ? Ethernet.TagLength : 0))..];
        writer.Write(piece[..Ethernet.TypeOffset]);
        if (GetsTag)
        {
            int priority = Found.HasTag ? piece[Ethernet.TypeOffset + sizeof(ushort)] & 0xF0 : 0;
            BinaryPrimitives.WriteUInt16BigEndian(tag, Ethernet.CustomerTag);
            BinaryPrimitives.WriteUInt16BigEndian(tag[sizeof(ushort)..], (ushort)((priority << 8) | Found.Id));
            writer.Write(tag);
        }
        else if (!Found.HasTag)
        {
            ushort type = BinaryPrimitives.ReadUInt16BigEndian(behind);
            BinaryPrimitives.WriteUInt16BigEndian(tag, type == Ethernet.CustomerTag ? (ushort)0 : type);
            writer.Write(tag[..sizeof(ushort)]);
            behind = behind[sizeof(ushort)..];
        }

        writer.Write(behind);
    }

    /// <summary>Appends what a frame of <paramref name="length"/> bytes, all of which is written, lacks now.</summary>
    public void Pad(ref FrameWriter writer, long length) => writer.Write(Padding.AsSpan(0, (int)PaddingOf(length)));

    private long PaddingOf(long length) => length < ShortestOnWire ? 0 : Math.Max(0, ShortestOnWire - (length + Added));
}
