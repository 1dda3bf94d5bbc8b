using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Ptnetmap.Traffic;

/// <summary>What all <see cref="TestFrame"/>s of one sender have in common, computed once, so that writing a frame is a
/// handful of additions and its stores.</summary>
public readonly struct FrameTemplate
{
    private readonly ulong _word0;
    private readonly ulong _word1;
    private readonly ulong _constantSum;
    private readonly ulong _wholeWords;
    private readonly ulong _tailStep;
    private readonly ulong _tailMask;

    /// <summary>Prepares frames of <paramref name="length"/> bytes between two addresses.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Shorter than <see cref="TestFrame.MinLength"/> or longer than
    /// 65535.</exception>
    public FrameTemplate(int length, MacAddress destination, MacAddress source)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, TestFrame.MinLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, ushort.MaxValue);
        Length = length;
        _word0 = TestFrame.FirstWord(destination, source);
        _word1 = TestFrame.SecondWord(source);
        int end = length / sizeof(ulong);
        _wholeWords = (ulong)(end - TestFrame.ChecksumWord - 1);
        _constantSum = _word0 + _word1;
        for (ulong j = TestFrame.ChecksumWord + 1; j < (ulong)end; j++)
        {
            _constantSum += j * TestFrame.WordStep;
        }

        _tailStep = (ulong)end * TestFrame.WordStep;
        _tailMask = TestFrame.TailMask(length);
    }

    /// <summary>Bytes of each frame.</summary>
    public int Length { get; }

    /// <summary>Bytes that <see cref="Write"/> stores: the length rounded up to whole words, at least 64.</summary>
    public int Footprint => FootprintOf(Length);

    /// <summary>Bytes of a buffer that writing a frame of <paramref name="length"/> bytes touches.</summary>
    public static int FootprintOf(int length) => Math.Max(64, (length + 7) & -8);

    /// <summary>Writes a whole frame. Bytes behind it, up to <see cref="Footprint"/>, are overwritten too.</summary>
    /// <param name="buffer">At least <see cref="Footprint"/> bytes.</param>
    /// <param name="sequence">Its sequence number.</param>
    /// <param name="timestamp">The sender's time.</param>
    /// <exception cref="ArgumentException">The buffer is too small.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(Span<byte> buffer, ulong sequence, ulong timestamp)
    {
        Span<ulong> words = MemoryMarshal.Cast<byte, ulong>(buffer);
        if (words.Length < 8)
        {
            ThrowTooSmall();
        }

        ulong pattern = sequence * TestFrame.PatternStep;
        ulong word4 = (pattern + unchecked(TestFrame.ChecksumWord * TestFrame.WordStep)) & TestFrame.PayloadHalf;
        ulong sum = _constantSum + sequence + timestamp + (_wholeWords * pattern) + word4
            + ((pattern + _tailStep) & _tailMask);
        words[0] = _word0;
        words[1] = _word1;
        words[2] = sequence;
        words[3] = timestamp;
        words[4] = word4 | TestFrame.Fold(sum);
        words[5] = pattern + unchecked(5 * TestFrame.WordStep);
        words[6] = pattern + unchecked(6 * TestFrame.WordStep);
        words[7] = pattern + unchecked(7 * TestFrame.WordStep);
        if (Length > 64)
        {
            WritePayload(words[..((Length + 7) >> 3)], pattern);
        }
    }

    // Words 8 and on, four at a time.
    private static void WritePayload(Span<ulong> words, ulong pattern)
    {
        ulong next = pattern + unchecked(8 * TestFrame.WordStep);
        Vector256<ulong> four = Vector256.Create(next) + (Vector256.Create(0UL, 1, 2, 3) * TestFrame.WordStep);
        Vector256<ulong> step = Vector256.Create(unchecked(4 * TestFrame.WordStep));
        Span<ulong> rest = words[8..];
        while (rest.Length >= 4)
        {
            four.CopyTo(rest);
            four += step;
            rest = rest[4..];
        }

        for (int i = 0; i < rest.Length; i++)
        {
            rest[i] = four[i];
        }
    }

    private static void ThrowTooSmall() =>
        throw new ArgumentException("the buffer is smaller than the template's footprint");
}
