using System.Buffers.Binary;

namespace Ptnetmap.Tests.Ports.Vlans;

/// <summary>A packet of the VLAN model: stations, what stands between the addresses and the type, and the lengths of
/// its slots, header included where the port has one.</summary>
internal sealed record VlanPacket(
    int To, int From, byte[] Tags, int[] Slots, bool Learn, int ForcedPort, int Seed, bool NeedsChecksum,
    int HintedHeader)
{
    /// <summary>Where the checksum of a frame is that lacks one: its last 8 bytes are summed.</summary>
    private const int Summed = 8;

    /// <summary>The frame, without a header, at a port whose headers have so many bytes.</summary>
    public byte[] Frame(int headerLength)
    {
        byte[] frame = Switching.Frame.Make(To, From, Math.Max(0, Slots.Sum() - headerLength), Seed);
        byte[] tags = Tags[..Math.Clamp(frame.Length - 12, 0, Tags.Length)];
        tags.CopyTo(frame, Math.Min(12, frame.Length));
        return frame;
    }

    /// <summary>Whether the header of this frame leaves its checksum to be done.</summary>
    public bool LacksChecksum(byte[] frame) => NeedsChecksum && frame.Length >= 14 + 8 + Summed;

    /// <summary>Its header, as the sender of this frame writes it.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="moved">Bytes that a tag has added before what it speaks of.</param>
    public byte[] Header(byte[] frame, int moved = 0)
    {
        var header = new byte[VnetHeader.Length];
        bool lacks = LacksChecksum(frame);
        int hint = Math.Min(HintedHeader, frame.Length);
        header[0] = (byte)(lacks ? 1 : 0);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(2), (ushort)(hint == 0 ? 0 : Math.Max(0, hint + moved)));
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(6), (ushort)(lacks ? frame.Length - Summed + moved : 0));
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)(lacks ? 2 : 0));
        return header;
    }

    /// <summary>The frame with its checksum, by RFC 1071.</summary>
    public byte[] Complete(byte[] frame)
    {
        byte[] complete = [.. frame];
        if (LacksChecksum(frame))
        {
            int sum = Offloads.TestPackets.Checksum(frame.AsSpan()[^Summed..]);
            BinaryPrimitives.WriteUInt16BigEndian(complete.AsSpan(frame.Length - Summed + 2),
                (ushort)(sum == 0 ? 0xFFFF : sum));
        }

        return complete;
    }

    public override string ToString() =>
        $"{From}>{To} {Convert.ToHexString(Tags)} [{string.Join(' ', Slots)}]{(Learn ? "" : " no-learn")}" +
        (ForcedPort == 0 ? "" : $" forced {ForcedPort}") + (NeedsChecksum ? " csum" : "");
}
