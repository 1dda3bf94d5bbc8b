using BenchmarkDotNet.Attributes;
using Ptnetmap.Benchmarks.Operations;

namespace Ptnetmap.Benchmarks;

public class CopyBenchmark : OperationBenchmark
{
    [Params(60, 64, 128, 256, 512, 1024, 1500)]
    public int Frame { get; set; }

    [Benchmark(OperationsPerInvoke = IOperation.Batch)]
    public int Copy() => Operation.Run();

    protected override IOperation Create() => new CopyOperation(Frame);
}
