using System.Buffers.Binary;
using System.Text;

namespace Ptnetmap.Linux.Net;

/// <summary>The attributes of a netlink message, one after the other. Lengths that do not fit end the walk.</summary>
internal ref struct NetlinkAttributes
{
    private const int TypeMask = 0x3FFF;

    private ReadOnlySpan<byte> _rest;

    internal NetlinkAttributes(ReadOnlySpan<byte> bytes) => _rest = bytes;

    internal int Type { get; private set; }

    internal ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>The value as a number: 1, 2 or 4 bytes; 0 when it is none.</summary>
    internal readonly uint Number => Value.Length switch
    {
        1 => Value[0],
        2 => BinaryPrimitives.ReadUInt16LittleEndian(Value),
        4 => BinaryPrimitives.ReadUInt32LittleEndian(Value),
        _ => 0,
    };

    /// <summary>The value as text, up to the first zero.</summary>
    internal readonly string Text
    {
        get
        {
            int end = Value.IndexOf((byte)0);
            return Encoding.UTF8.GetString(end < 0 ? Value : Value[..end]);
        }
    }

    internal bool MoveNext()
    {
        if (_rest.Length < NetlinkMessage.AttributeHeaderSize)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16LittleEndian(_rest);
        if (length < NetlinkMessage.AttributeHeaderSize || length > _rest.Length)
        {
            return false;
        }

        Type = BinaryPrimitives.ReadUInt16LittleEndian(_rest[2..]) & TypeMask;
        Value = _rest[NetlinkMessage.AttributeHeaderSize..length];
        _rest = _rest[Math.Min(NetlinkMessage.Align(length), _rest.Length)..];
        return true;
    }
}
