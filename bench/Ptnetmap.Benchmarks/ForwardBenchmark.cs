using BenchmarkDotNet.Attributes;
using Ptnetmap.Benchmarks.Operations;

namespace Ptnetmap.Benchmarks;

public class ForwardBenchmark : OperationBenchmark
{
    [Params(60, 256, 1500)]
    public int Frame { get; set; }

    [Benchmark(OperationsPerInvoke = IOperation.Batch)]
    public int Forward() => Operation.Run();

    protected override IOperation Create() => new ForwardOperation(Frame);
}
