using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using Ptnetmap.Benchmarks.Operations;

// In this process: the generated project of the default toolchain would have to pass the analysers.
IConfig config = DefaultConfig.Instance
    .AddJob(Job.ShortRun.WithToolchain(InProcessNoEmitToolchain.Instance))
    .WithArtifactsPath(Path.Combine(Environment.CurrentDirectory, "artifacts", "bench"));

// All of them unless the arguments choose.
string[] chosen = args.Length == 0 ? ["--filter", "*"] : args;
Summary[] summaries = [.. BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(chosen, config)];

IReadOnlyDictionary<string, long> budget =
    AllocationBudget.Read(File.ReadLines(Path.Combine(AppContext.BaseDirectory, "allocations.txt")));
int faults = summaries.Count(summary => summary.HasCriticalValidationErrors);
foreach (BenchmarkReport report in summaries.SelectMany(summary => summary.Reports))
{
    string name = report.BenchmarkCase.Descriptor.WorkloadMethod.Name;
    long? allocated = report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase);
    if (!report.Success || allocated is null || allocated > budget[name.ToLowerInvariant()])
    {
        Console.Error.WriteLine(
            $"{report.BenchmarkCase.DisplayInfo}: " +
            $"{allocated} bytes allocated a packet, allowed are {budget[name.ToLowerInvariant()]}");
        faults++;
    }
}

// A filter that chooses nothing measures nothing.
bool measured = summaries.Length > 0 || args.Contains("--list");
return faults == 0 && measured ? 0 : 1;
