using BenchmarkDotNet.Attributes;
using Ptnetmap.Benchmarks.Operations;

namespace Ptnetmap.Benchmarks;

public class SwapBenchmark : OperationBenchmark
{
    // One length: a swap does not look at the frame.
    [Params(60)]
    public int Frame { get; set; }

    [Benchmark(OperationsPerInvoke = IOperation.Batch)]
    public int Swap() => Operation.Run();

    protected override IOperation Create() => new SwapOperation(Frame);
}
