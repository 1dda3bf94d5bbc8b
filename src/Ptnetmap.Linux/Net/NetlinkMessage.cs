using System.Buffers.Binary;
using System.Text;

namespace Ptnetmap.Linux.Net;

/// <summary>A netlink request (<c>netlink(7)</c>) as it is put together: header, a fixed part, and attributes, which
/// may be nested.</summary>
internal sealed class NetlinkMessage
{
    internal const int HeaderSize = 16;
    internal const int AttributeHeaderSize = 4;
    internal const ushort FlagRequest = 0x1;
    internal const ushort FlagAcknowledge = 0x4;
    internal const ushort FlagDump = 0x300;
    internal const ushort FlagCreateExclusive = 0x600;

    private const ushort Nested = 0x8000;
    private const int Capacity = 2048;

    private readonly byte[] _bytes = new byte[Capacity];
    private int _length = HeaderSize;

    internal NetlinkMessage(ushort type, ushort flags)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_bytes.AsSpan(4), type);
        BinaryPrimitives.WriteUInt16LittleEndian(_bytes.AsSpan(6), (ushort)(flags | FlagRequest));
    }

    internal NetlinkMessage Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length = Align(_length + bytes.Length);
        return this;
    }

    internal NetlinkMessage Attribute(ushort type, ReadOnlySpan<byte> value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_bytes.AsSpan(_length), (ushort)(AttributeHeaderSize + value.Length));
        BinaryPrimitives.WriteUInt16LittleEndian(_bytes.AsSpan(_length + 2), type);
        _length += AttributeHeaderSize;
        return Append(value);
    }

    internal NetlinkMessage Attribute(ushort type, uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return Attribute(type, bytes);
    }

    internal NetlinkMessage Attribute(ushort type, string value) =>
        Attribute(type, Encoding.UTF8.GetBytes(value + "\0"));

    /// <summary>An attribute that holds what <paramref name="fill"/> appends.</summary>
    internal NetlinkMessage Nest(ushort type, Action<NetlinkMessage> fill)
    {
        int start = _length;
        _ = Attribute((ushort)(type | Nested), []);
        fill(this);
        BinaryPrimitives.WriteUInt16LittleEndian(_bytes.AsSpan(start), (ushort)(_length - start));
        return this;
    }

    internal ReadOnlySpan<byte> Finish(uint sequence)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_bytes, _length);
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(8), sequence);
        return _bytes.AsSpan(0, _length);
    }

    internal static int Align(int length) => (length + 3) & ~3;
}
