using System.Globalization;

namespace Ptnetmap.Benchmarks.Operations;

/// <summary>bench/allocations.txt: how many bytes a batch of each operation may allocate.</summary>
public static class AllocationBudget
{
    /// <summary>Reads the file's lines.</summary>
    public static IReadOnlyDictionary<string, long> Read(IEnumerable<string> lines) =>
        lines.Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(' '))
            .ToDictionary(line => line[0], line => long.Parse(line[1], CultureInfo.InvariantCulture),
                StringComparer.Ordinal);

    /// <summary>Bytes that this thread allocates in <paramref name="batches"/> batches, after it has warmed
    /// up.</summary>
    public static long Measure(IOperation operation, int batches)
    {
        for (int i = 0; i < batches; i++)
        {
            _ = operation.Run();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < batches; i++)
        {
            _ = operation.Run();
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
