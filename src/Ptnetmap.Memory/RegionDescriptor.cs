using System.Globalization;

namespace Ptnetmap.Memory;

/// <summary>A region's layout as one line of text, small enough for an argument or a message: with the memfd it is all
/// that another process needs to map the region.
/// <code>
/// ptnetmap-region-1 ID SIZE  OFFSET COUNT OBJECTSIZE (interfaces, rings, buffers)
/// </code></summary>
public static class RegionDescriptor
{
    private const string Magic = "ptnetmap-region-1";
    private const int Fields = 12;

    /// <summary>The line for <paramref name="layout"/>.</summary>
    public static string Write(RegionLayout layout) =>
        $"{Magic} {layout.Id} {layout.Size} {Write(layout.Interfaces)} {Write(layout.Rings)} {Write(layout.Buffers)}";

    /// <summary>The layout that a line stands for, checked.</summary>
    /// <exception cref="RegionLimitException">It is no such line, or what it says is no region's layout.</exception>
    public static RegionLayout Read(string line)
    {
        string[] fields = line.Split(' ', Fields + 1);
        long[] numbers = new long[Fields];
        bool sound = fields.Length == Fields && string.Equals(fields[0], Magic, StringComparison.Ordinal);
        for (int i = 1; sound && i < Fields; i++)
        {
            sound = long.TryParse(fields[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]);
        }

        if (!sound || numbers[1] > ushort.MaxValue)
        {
            throw new RegionLimitException($"not a region's descriptor: '{line}'");
        }

        var layout = new RegionLayout(
            (ushort)numbers[1], numbers[2], Pool(numbers.AsSpan(3)), Pool(numbers.AsSpan(6)), Pool(numbers.AsSpan(9)));
        layout.Validate();
        return layout;
    }

    private static string Write(PoolLayout pool) => $"{pool.Offset} {pool.Count} {pool.ObjectSize}";

    // A number that does not fit becomes one that Validate refuses.
    private static PoolLayout Pool(ReadOnlySpan<long> numbers) =>
        new(numbers[0], uint.CreateSaturating(numbers[1]), uint.CreateSaturating(numbers[2]));
}
