using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Passthrough;

/// <summary>A fixed number of workers. Ports' rings are spread over them as they come and go, a guest's all to one;
/// what a worker serves that does not come back from a pass is moved to the others.</summary>
public sealed class WorkerPool : IDisposable
{
    private readonly Worker[] _workers;
    private readonly Lock _lock = new();
    private readonly List<LoopSet> _sets = [];

    /// <summary>Starts <paramref name="count"/> workers; 0 chooses one less than there are cores, at least one: the
    /// guests want to run too.</summary>
    /// <param name="count">0 to 64.</param>
    /// <param name="cpus">The CPU of each worker, when they are to be bound.</param>
    /// <exception cref="ArgumentOutOfRangeException">More than 64, or fewer than 0.</exception>
    /// <exception cref="Ptnetmap.Linux.LinuxException">A CPU is not there, or not to be had.</exception>
    public WorkerPool(int count = 0, IReadOnlyList<int>? cpus = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxWorkers);
        int chosen = count == 0 ? Math.Clamp(Environment.ProcessorCount - 1, 1, MaxWorkers) : count;
        _workers = new Worker[chosen];
        try
        {
            for (int i = 0; i < chosen; i++)
            {
                _workers[i] =
                    new Worker(i, cpus is { Count: > 0 } ? cpus[i % cpus.Count] : null, ring => RingFailed(ring));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Most workers.</summary>
    public const int MaxWorkers = 64;

    /// <summary>Called when a ring stands still for good (<see cref="ServedRing.Failure"/>), by whoever ran its pass:
    /// it is not to wait for anything.</summary>
    public Action<ServedRing> RingFailed { get; set; } = _ => { };

    /// <summary>The workers.</summary>
    public IReadOnlyList<Worker> Workers => _workers;

    /// <summary>Ends all workers; rings are removed before. Those that hang are left behind.</summary>
    public void Dispose() => _ = TryEnd(Quiescence.DefaultPatience);

    /// <summary>Ends all workers.</summary>
    /// <param name="patience">How long to wait for each.</param>
    /// <returns>False when one hangs: it is left behind, with what it uses.</returns>
    public bool TryEnd(TimeSpan patience) =>
        _workers.Aggregate(true, (all, worker) => (worker?.TryEnd(patience) ?? true) & all);

    /// <summary>The worker that the rings of a port that comes are to be served by.</summary>
    internal Worker LeastLoaded => _workers.MinBy(Load)!;

    /// <summary>The loops of a port have begun: from now on they may be moved.</summary>
    internal void Come(LoopSet loops)
    {
        lock (_lock)
        {
            _sets.Add(loops);
            Balance();
        }
    }

    /// <summary>They are about to end: on return nobody moves them.</summary>
    internal void Go(LoopSet loops)
    {
        lock (_lock)
        {
            _ = _sets.Remove(loops);
        }
    }

    /// <summary>Moves whole sets from workers with many rings to the one with the fewest, as long as that makes them
    /// more alike.</summary>
    internal void Balance()
    {
        lock (_lock)
        {
            while (LeastLoaded is var least
                && _sets.Where(set => set.Count < Load(set.Worker!) - Load(least))
                    .MaxBy(set => Load(set.Worker!)) is { } set
                && set.TryMoveTo(least))
            {
                // Each move is towards balance, so there is a last one.
            }
        }
    }

    private static int Load(Worker worker) => worker.IsStuck ? int.MaxValue : worker.RingCount;
}
