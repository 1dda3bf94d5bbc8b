using Ptnetmap.Benchmarks.Operations;

namespace Ptnetmap.Tests.Benchmarks;

/// <summary>The operations of the benchmarks move what they say, and allocate no more than bench/allocations.txt
/// allows.</summary>
public class AllocationTests
{
    private const int Batches = 1000;

    private static readonly IReadOnlyDictionary<string, long> Budget =
        AllocationBudget.Read(Tree.Read("bench/allocations.txt").Split('\n'));

    [Theory]
    [InlineData(60)]
    [InlineData(64)]
    [InlineData(1500)]
    public void Copying_allocates_nothing(int frame) => AssertWithinBudget(new CopyOperation(frame));

    [Fact]
    public void Swapping_allocates_nothing() => AssertWithinBudget(new SwapOperation(60));

    [Theory]
    [InlineData(60)]
    [InlineData(1500)]
    public void Forwarding_allocates_nothing(int frame) => AssertWithinBudget(new ForwardOperation(frame));

    [Fact]
    public void Every_operation_has_a_budget_and_it_is_0() => Assert.Equal(
        [("copy", 0L), ("forward", 0), ("swap", 0)],
        Budget.OrderBy(line => line.Key, StringComparer.Ordinal).Select(line => (line.Key, line.Value)));

    [Fact]
    public void An_allocation_would_be_seen()
    {
        using var wasteful = new WastefulOperation();
        Assert.True(AllocationBudget.Measure(wasteful, Batches) >= Batches * 100);
    }

    private static void AssertWithinBudget(IOperation operation)
    {
        using (operation)
        {
            Assert.Equal(IOperation.Batch, operation.Run());
            Assert.InRange(AllocationBudget.Measure(operation, Batches), 0, Budget[operation.Name] * Batches);
            Assert.Equal(IOperation.Batch, operation.Run());
        }
    }

    private sealed class WastefulOperation : IOperation
    {
        private byte[] _last = [];

        public string Name => "wasteful";

        public int Run()
        {
            _last = new byte[100];
            return _last.Length;
        }

        public void Dispose() => _last = [];
    }
}
