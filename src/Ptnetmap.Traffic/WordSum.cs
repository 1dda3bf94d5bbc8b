using System.Runtime.Intrinsics;

namespace Ptnetmap.Traffic;

/// <summary>Adds 64-bit words, four at a time.</summary>
internal static class WordSum
{
    /// <summary>The sum modulo 2^64.</summary>
    internal static ulong Of(ReadOnlySpan<ulong> words)
    {
        Vector256<ulong> sums = Vector256<ulong>.Zero;
        Vector256<ulong> more = Vector256<ulong>.Zero;
        while (words.Length >= 8)
        {
            sums += Vector256.Create(words);
            more += Vector256.Create(words[4..]);
            words = words[8..];
        }

        ulong sum = Vector256.Sum(sums + more);
        foreach (ulong word in words)
        {
            sum += word;
        }

        return sum;
    }
}
