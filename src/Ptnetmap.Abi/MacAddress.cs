using System.Buffers.Binary;
using System.Globalization;

namespace Ptnetmap.Abi;

/// <summary>An Ethernet (MAC) address (IEEE 802-2014, 8.2).
/// <code>
///  byte   0         1    2    3    4    5      in the order of the wire
///  bit    0 I/G, 1 for a group of receivers;   1 U/L, 1 for an address that was not given by a manufacturer
/// </code></summary>
/// <param name="Value">As a number whose lowest byte is the first on the wire; the two highest bytes are 0.</param>
public readonly record struct MacAddress(ulong Value)
{
    /// <summary>Bytes of one.</summary>
    public const int Length = 6;

    /// <summary>Bits of <see cref="Value"/>.</summary>
    public const ulong Mask = 0xFFFF_FFFF_FFFF;

    private const ulong GroupBit = 1;
    private const ulong LocalBit = 2;

    /// <summary>ff:ff:ff:ff:ff:ff.</summary>
    public static MacAddress Broadcast => new(Mask);

    /// <summary>True for a group of receivers, all among them.</summary>
    public bool IsMulticast => (Value & GroupBit) != 0;

    /// <summary>True for one that a host's interface can have: neither a group's nor 0.</summary>
    public bool IsValid => !IsMulticast && Value != 0;

    /// <summary>02:00:00:00:hh:ll, locally administered.</summary>
    public static MacAddress Local(ushort number) =>
        new(LocalBit | ((ulong)BinaryPrimitives.ReverseEndianness(number) << 32));

    /// <summary>Reads <c>02:00:00:00:00:01</c>.</summary>
    /// <param name="text">Six parts, hexadecimal, in letters of either case.</param>
    /// <param name="address">The address, when it is one.</param>
    /// <param name="fewestDigits">Digits that a part has at least: 2, or 1 where people write
    /// <c>2:0:0:0:0:1</c>.</param>
    public static bool TryParse(string? text, out MacAddress address, int fewestDigits = 2)
    {
        address = default;
        string[] parts = text?.Split(':') ?? [];
        if (parts.Length != Length)
        {
            return false;
        }

        ulong value = 0;
        for (int i = 0; i < Length; i++)
        {
            if (parts[i].Length > 2 || parts[i].Length < fewestDigits
                || !byte.TryParse(parts[i], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
                    out byte part))
            {
                return false;
            }

            value |= (ulong)part << (8 * i);
        }

        address = new MacAddress(value);
        return true;
    }

    /// <summary>Takes one off the first six bytes, which are in the order of the wire.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer.</exception>
    public static MacAddress Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt32LittleEndian(bytes) |
            ((ulong)BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]) << 32));

    /// <summary>Writes it into the first six bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer.</exception>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)Value);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[4..], (ushort)(Value >> 32));
    }

    /// <summary>Its six bytes, in the order of the wire.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Length];
        Write(bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        ulong value = Value;
        return string.Join(':', Enumerable.Range(0, Length).Select(i => $"{(byte)(value >> (8 * i)):x2}"));
    }
}
