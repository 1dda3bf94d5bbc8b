using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Ptnetmap.Ports.Offloads;

/// <summary>The checksum of IP, TCP and UDP (RFC 1071). Sums are of 16-bit words in the machine's byte order, which is
/// as good as any as long as all words are: what is written is then right on the wire.</summary>
public static class InternetChecksum
{
    private const ulong LowHalves = 0xFFFF_FFFF;

    /// <summary>Adds <paramref name="bytes"/> to <paramref name="sum"/>; an odd last byte counts as one with a 0 behind
    /// it. Of a message in pieces, only the last may be odd. Room for 4 GiB before it overflows.</summary>
    public static ulong Add(ulong sum, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        bytes = bytes[(words.Length * sizeof(ulong))..];
        if (words.Length >= Vector256<ulong>.Count)
        {
            Vector256<ulong> low = Vector256<ulong>.Zero;
            Vector256<ulong> high = Vector256<ulong>.Zero;
            var mask = Vector256.Create(LowHalves);
            do
            {
                var four = Vector256.Create(words);
                low += four & mask;
                high += four >>> 32;
                words = words[Vector256<ulong>.Count..];
            }
            while (words.Length >= Vector256<ulong>.Count);
            sum += Vector256.Sum(low + high);
        }

        foreach (ulong word in words)
        {
            sum += (word & LowHalves) + (word >> 32);
        }

        for (; bytes.Length >= sizeof(ushort); bytes = bytes[sizeof(ushort)..])
        {
            sum += BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        }

        return bytes.IsEmpty ? sum : sum + bytes[0];
    }

    /// <summary>Adds a number as it stands on the wire.</summary>
    public static ulong Add(ulong sum, ushort number) => sum + BinaryPrimitives.ReverseEndianness(number);

    /// <summary>Folds the sum to 16 bits and complements it: 0 when the summed bytes held their right
    /// checksum.</summary>
    public static ushort Finish(ulong sum)
    {
        while (sum >> 16 != 0)
        {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return (ushort)~sum;
    }

    /// <summary>Stores what <see cref="Finish"/> returned.</summary>
    public static void Store(Span<byte> field, ushort checksum) =>
        BinaryPrimitives.WriteUInt16LittleEndian(field, checksum);
}
