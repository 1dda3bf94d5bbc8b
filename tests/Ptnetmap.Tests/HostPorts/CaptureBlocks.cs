using System.Buffers.Binary;

namespace Ptnetmap.Tests.HostPorts;

/// <summary>Blocks of pcapng files, in one byte order.</summary>
internal sealed class CaptureBlocks(bool bigEndian = false)
{
    internal const ushort Ethernet = 1;
    internal const ushort Loopback = 113;

    /// <summary>A section's header; interfaces are numbered anew behind it.</summary>
    internal byte[] Section(ushort major = 1) => Block(
        0x0A0D0D0A, [.. Word(0x1A2B3C4D), .. Half(major), .. Half(0), .. Word(uint.MaxValue), .. Word(uint.MaxValue)]);

    /// <summary>An interface.</summary>
    internal byte[] Interface(ushort linkType = Ethernet, uint snapLength = 0, params byte[][] options) =>
        Block(1, [.. Half(linkType), .. Half(0), .. Word(snapLength), .. options.SelectMany(option => option)]);

    /// <summary>An option, padded.</summary>
    internal byte[] Option(ushort code, params byte[] value) =>
        [.. Half(code), .. Half((ushort)value.Length), .. Padded(value)];

    /// <summary>if_tsresol.</summary>
    internal byte[] Resolution(byte value) => Option(9, value);

    /// <summary>if_tsoffset, in seconds.</summary>
    internal byte[] Offset(long seconds)
    {
        var value = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(value,
            bigEndian ? BinaryPrimitives.ReverseEndianness(seconds) : seconds);
        return Option(14, value);
    }

    /// <summary>An enhanced packet block.</summary>
    internal byte[] Packet(ulong time, byte[] frame, uint from = 0) => Block(6, [.. Word(from), .. Rest(time, frame)]);

    /// <summary>An obsolete packet block.</summary>
    internal byte[] Obsolete(ulong time, byte[] frame, ushort from = 0) =>
        Block(2, [.. Half(from), .. Half(9), .. Rest(time, frame)]);

    /// <summary>A simple packet block of a frame that had <paramref name="wireLength"/> bytes.</summary>
    internal byte[] Simple(uint wireLength, byte[] kept) => Block(3, [.. Word(wireLength), .. Padded(kept)]);

    internal byte[] Block(uint type, byte[] body) => CaptureFile.Block(type, body, bigEndian);

    private static byte[] Padded(byte[] bytes) => [.. bytes, .. new byte[(4 - (bytes.Length % 4)) % 4]];

    private byte[] Rest(ulong time, byte[] frame) =>
        [.. Word((uint)(time >> 32)), .. Word((uint)time), .. Word((uint)frame.Length), .. Word((uint)frame.Length),
            .. Padded(frame)];

    private byte[] Word(uint value) => CaptureFile.Word(value, bigEndian);

    private byte[] Half(ushort value) => CaptureFile.Half(value, bigEndian);
}
