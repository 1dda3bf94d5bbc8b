using BenchmarkDotNet.Attributes;
using Ptnetmap.Benchmarks.Operations;

namespace Ptnetmap.Benchmarks;

/// <summary>Makes the operation before and takes it away after. A figure is the time of one packet.</summary>
[MemoryDiagnoser]
public abstract class OperationBenchmark
{
    private IOperation? _operation;

    protected IOperation Operation => _operation ?? throw new InvalidOperationException("not set up");

    [GlobalSetup]
    public void SetUp() => _operation = Create();

    [GlobalCleanup]
    public void CleanUp() => _operation?.Dispose();

    protected abstract IOperation Create();
}
