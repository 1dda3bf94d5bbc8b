using System.Buffers.Binary;

namespace Ptnetmap.Abi;

/// <summary>The first 16 bytes of a frame, read once: what was looked at is what was decided on, though the sender may
/// overwrite the frame meanwhile.</summary>
/// <param name="Low">Bytes 0 to 7.</param>
/// <param name="High">Bytes 8 to 15.</param>
public readonly record struct EthernetHead(ulong Low, ulong High)
{
    /// <summary>Destination address.</summary>
    public MacAddress Destination => new(Low & MacAddress.Mask);

    /// <summary>Source address.</summary>
    public MacAddress Source => new((Low >> 48) | ((High & 0xFFFF_FFFF) << 16));

    /// <summary>EtherType, as a number (0x0800 is IPv4).</summary>
    public ushort EtherType => BinaryPrimitives.ReverseEndianness((ushort)(High >> 32));

    /// <summary>The two bytes behind the EtherType, as a number: the tag control information of a VLAN tag.</summary>
    public ushort AfterType => BinaryPrimitives.ReverseEndianness((ushort)(High >> 48));

    /// <summary>The id in a customer's VLAN tag; 0 without one, and in one that has only a priority.</summary>
    public int VlanId => EtherType == Ethernet.CustomerTag ? AfterType & Ethernet.VlanIdMask : 0;

    /// <summary>Reads the first 16 bytes.</summary>
    public static EthernetHead Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));

    /// <summary>True for a broadcast or multicast destination.</summary>
    public bool IsGroup => (Low & 1) != 0;

    /// <summary>True for a broadcast or multicast source, which no honest frame has.</summary>
    public bool HasGroupSource => (Low & (1UL << 48)) != 0;
}
