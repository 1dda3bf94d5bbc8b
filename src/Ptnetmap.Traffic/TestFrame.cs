using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ptnetmap.Traffic;

/// <summary>The frame that test senders write and test receivers check, in little-endian words of eight bytes.
/// <code>
///  0             6        12     14      16         24          32         36        40           length (40 or more)
///  | destination | source | type | magic | sequence | timestamp | checksum | payload: a pattern of the sequence |
///  | word 0         | word 1             | word 2   | word 3    | word 4             | word 5 ... word j ...     |
/// </code>
/// Payload word <c>j</c> (the upper half of word 4, then words 5 and on, the last one cut at the frame's end) is
/// <c>sequence * PatternStep + j * WordStep</c>. The checksum is the sum of all words modulo 2^64, its own field and
/// the bytes behind the frame taken as 0, whose halves are added to 32 bits: one bit that flips always shows. The
/// timestamp's unit is the sender's: nanoseconds of the monotonic clock for a C# guest, TSC ticks for a machine-code
/// guest.</summary>
public static class TestFrame
{
    /// <summary>Offset of the magic number (u16).</summary>
    public const int MagicOffset = 14;

    /// <summary>Offset of the sequence number (u64).</summary>
    public const int SequenceOffset = 16;

    /// <summary>Offset of the timestamp (u64).</summary>
    public const int TimestampOffset = 24;

    /// <summary>Offset of the checksum (u32).</summary>
    public const int ChecksumOffset = 32;

    /// <summary>Shortest test frame in bytes: words 0 to 4.</summary>
    public const int MinLength = 40;

    /// <summary>EtherType 0x88B5, IEEE's number for local experiments, as it is on the wire.</summary>
    public const ushort EtherType = 0x88B5;

    /// <summary>The magic number.</summary>
    public const ushort Magic = 0x4E50;

    /// <summary>What the pattern grows by from one sequence number to the next (2^64 over the golden ratio,
    /// odd).</summary>
    public const ulong PatternStep = 0x9E37_79B9_7F4A_7C15;

    /// <summary>What the pattern grows by from one word of a frame to the next.</summary>
    public const ulong WordStep = 0xC2B2_AE3D_27D4_EB4F;

    /// <summary>Index of the word that holds the checksum, and the first bytes of the payload above it.</summary>
    internal const int ChecksumWord = ChecksumOffset / sizeof(ulong);

    internal const ulong PayloadHalf = 0xFFFF_FFFF_0000_0000;

    /// <summary>Word 0 of a frame between two addresses.</summary>
    public static ulong FirstWord(MacAddress destination, MacAddress source) =>
        destination.Value | (source.Value << 48);

    /// <summary>Word 1 of a frame from an address.</summary>
    public static ulong SecondWord(MacAddress source) =>
        ((source.Value >> 16) & 0xFFFF_FFFF) | ((ulong)(EtherType >> 8) << 32) | ((ulong)(EtherType & 0xFF) << 40)
        | ((ulong)Magic << 48);

    /// <summary>Which bits of a frame's last word belong to the frame; 0 when the length is a multiple of
    /// eight.</summary>
    public static ulong TailMask(int length) => (1UL << ((length & 7) * 8)) - 1;

    /// <summary>Adds the two halves of the sum of all words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Fold(ulong sum) => (uint)sum + (uint)(sum >> 32);

    /// <summary>Reads and checks a whole frame.</summary>
    /// <param name="buffer">The buffer that it is in, eight bytes or more in multiples of eight, at least as long as
    /// the frame rounded up.</param>
    /// <param name="length">Bytes of the frame.</param>
    /// <param name="sequence">Its sequence number.</param>
    /// <param name="timestamp">Its timestamp.</param>
    /// <returns>False when it is no test frame, or one that was damaged.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ReadOnlySpan<byte> buffer, int length, out ulong sequence, out ulong timestamp)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(buffer);
        if (words.Length < 8 || length is < MinLength or > 63)
        {
            return TryReadAny(words, length, out sequence, out timestamp);
        }

        sequence = words[2];
        timestamp = words[3];
        ulong word4 = words[4];
        ulong sum = words[0] + words[1] + sequence + timestamp + (word4 & PayloadHalf);
        int whole = length >> 3;
        for (int i = ChecksumWord + 1; i < whole; i++)
        {
            sum += words[i];
        }

        sum += words[whole] & TailMask(length);
        return Fold(sum) == (uint)word4 && (ushort)(words[1] >> 48) == Magic;
    }

    /// <summary>Sends a frame back: source and destination change places. A sound test frame stays one (its checksum is
    /// computed anew), a damaged one stays damaged, and any other frame has nothing but its addresses
    /// changed.</summary>
    /// <param name="buffer">The buffer that it is in; see <see cref="TryRead"/>.</param>
    /// <param name="length">Bytes of the frame; shorter than two addresses, nothing is done.</param>
    public static void SwapAddresses(Span<byte> buffer, int length)
    {
        Span<ulong> words = MemoryMarshal.Cast<byte, ulong>(buffer);
        if (length < 12 || words.Length < 2)
        {
            return;
        }

        bool sound = TryRead(buffer, length, out _, out _);
        var head = new EthernetHead(words[0], words[1]);
        words[0] = FirstWord(head.Source, head.Destination);
        words[1] = (words[1] & PayloadHalf) | (head.Destination.Value >> 16);
        if (sound)
        {
            words[ChecksumWord] = (words[ChecksumWord] & PayloadHalf) | ChecksumOf(words, length);
        }
    }

    // Frames of 64 bytes and more, and whatever is none.
    private static bool TryReadAny(ReadOnlySpan<ulong> words, int length, out ulong sequence, out ulong timestamp)
    {
        sequence = 0;
        timestamp = 0;
        if (length < MinLength || (length + 7) >> 3 > words.Length)
        {
            return false;
        }

        sequence = words[2];
        timestamp = words[3];
        return ChecksumOf(words, length) == (uint)words[ChecksumWord] && (ushort)(words[1] >> 48) == Magic;
    }

    // Of a frame whose checksum field holds anything.
    private static uint ChecksumOf(ReadOnlySpan<ulong> words, int length)
    {
        int whole = length >> 3;
        ulong sum = WordSum.Of(words[..whole]) - (uint)words[ChecksumWord];
        if ((length & 7) != 0)
        {
            sum += words[whole] & TailMask(length);
        }

        return Fold(sum);
    }
}
