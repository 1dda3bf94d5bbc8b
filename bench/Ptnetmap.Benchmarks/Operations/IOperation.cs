namespace Ptnetmap.Benchmarks.Operations;

/// <summary>One operation of the data path, on memory of its own, a batch of packets at a time. The benchmarks time it
/// and a test watches its allocations.</summary>
public interface IOperation : IDisposable
{
    /// <summary>Packets of a batch.</summary>
    public const int Batch = 256;

    /// <summary>Its name in bench/allocations.txt.</summary>
    public string Name { get; }

    /// <summary>Does it to one batch.</summary>
    /// <returns>Packets that were moved: <see cref="Batch"/>, or something is wrong.</returns>
    public int Run();
}
