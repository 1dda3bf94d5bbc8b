namespace Ptnetmap.Linux;

/// <summary>How far a mistyped word is from one that there is.</summary>
public static class NearbyWords
{
    /// <summary>True for two words that one slip makes of each other, and for one word twice, in whatever
    /// case.</summary>
    public static bool AreNear(string left, string right) =>
        Math.Abs(left.Length - right.Length) <= 1 && Distance(left.ToUpperInvariant(), right.ToUpperInvariant()) <= 1;

    /// <summary>Letters to insert, remove, replace, or swap with their neighbour (Damerau's distance, no letter
    /// twice).</summary>
    public static int Distance(string left, string right)
    {
        int[] beforeLast = new int[right.Length + 1];
        int[] last = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 1; i <= left.Length; i++)
        {
            int[] row = new int[right.Length + 1];
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int replaced = last[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                row[j] = Math.Min(replaced, Math.Min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                {
                    row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
                }
            }

            (beforeLast, last) = (last, row);
        }

        return last[right.Length];
    }
}
