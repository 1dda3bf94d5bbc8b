using System.Buffers.Binary;

namespace Ptnetmap.Tests.HostPorts;

/// <summary>Capture files put together byte by byte, in either byte order.</summary>
internal static class CaptureFile
{
    internal const uint Microseconds = 0xA1B2_C3D4;
    internal const uint Nanoseconds = 0xA1B2_3C4D;

    /// <summary>A classic file with frames at one second and then a thousand units apart.</summary>
    internal static byte[] Classic(uint magic, bool bigEndian, params byte[][] frames)
    {
        List<byte> file = [.. Word(magic, bigEndian), .. Half(2, bigEndian), .. Half(4, bigEndian)];
        file.AddRange([.. Word(0, bigEndian), .. Word(0, bigEndian), .. Word(65535, bigEndian), .. Word(1, bigEndian)]);
        for (int i = 0; i < frames.Length; i++)
        {
            uint length = (uint)frames[i].Length;
            file.AddRange([.. Word(1, bigEndian), .. Word((uint)i * 1000, bigEndian), .. Word(length, bigEndian),
                .. Word(length, bigEndian)]);
            file.AddRange(frames[i]);
        }

        return [.. file];
    }

    /// <summary>A pcapng file: section, one interface with nanosecond times, a block of an unknown kind, then enhanced
    /// packets and a last simple one.</summary>
    internal static byte[] Next(bool bigEndian, params byte[][] frames)
    {
        List<byte> file =
        [
            .. Block(0x0A0D0D0A, [.. Word(0x1A2B3C4D, bigEndian), .. Half(1, bigEndian), .. Half(0, bigEndian),
                .. Word(uint.MaxValue, bigEndian), .. Word(uint.MaxValue, bigEndian)], bigEndian),
            .. Block(1, [.. Half(1, bigEndian), 0, 0, .. Word(0, bigEndian), .. Half(9, bigEndian),
                .. Half(1, bigEndian), 9, 0, 0, 0], bigEndian),
            .. Block(0x0BAD, [1, 2, 3, 4, 5, 6, 7, 8], bigEndian),
        ];
        for (int i = 0; i < frames.Length; i++)
        {
            byte[] frame = frames[i];
            byte[] padded = [.. frame, .. new byte[(4 - (frame.Length % 4)) % 4]];
            byte[] length = Word((uint)frame.Length, bigEndian);
            file.AddRange(i == frames.Length - 1
                ? Block(3, [.. length, .. padded], bigEndian)
                : Block(6, [.. Word(0, bigEndian), .. Word(0, bigEndian), .. Word((uint)i * 1000, bigEndian), .. length,
                    .. length, .. padded], bigEndian));
        }

        return [.. file];
    }

    internal static byte[] Block(uint type, byte[] body, bool bigEndian)
    {
        byte[] length = Word((uint)(body.Length + 12), bigEndian);
        return [.. Word(type, bigEndian), .. length, .. body, .. length];
    }

    internal static byte[] Word(uint value, bool bigEndian)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, bigEndian ? BinaryPrimitives.ReverseEndianness(value) : value);
        return bytes;
    }

    internal static byte[] Half(ushort value, bool bigEndian) =>
        bigEndian ? [(byte)(value >> 8), (byte)value] : [(byte)value, (byte)(value >> 8)];
}
