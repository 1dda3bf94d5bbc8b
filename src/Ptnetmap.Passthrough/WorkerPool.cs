using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Passthrough;

/// <summary>A fixed number of workers. Rings are spread over them as they come and can be moved by
/// <see cref="Worker.Add"/>.</summary>
public sealed class WorkerPool : IDisposable
{
    private readonly Worker[] _workers;

    /// <summary>Starts <paramref name="count"/> workers; 0 chooses one less than there are cores, at least one: the guests
    /// want to run too.</summary>
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
                _workers[i] = new Worker(i, cpus is { Count: > 0 } ? cpus[i % cpus.Count] : null, ring => RingFailed(ring));
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

    /// <summary>Called when a ring stands still for good (<see cref="ServedRing.Failure"/>), by whoever ran its pass: it is not to
    /// wait for anything.</summary>
    public Action<ServedRing> RingFailed { get; set; } = _ => { };

    /// <summary>The workers.</summary>
    public IReadOnlyList<Worker> Workers => _workers;

    /// <summary>The worker with the fewest rings.</summary>
    public Worker LeastLoaded => _workers.MinBy(worker => worker.RingCount)!;

    /// <summary>Ends all workers; rings are removed before. Those that hang are left behind.</summary>
    public void Dispose() => _ = TryEnd(Quiescence.DefaultPatience);

    /// <summary>Ends all workers.</summary>
    /// <param name="patience">How long to wait for each.</param>
    /// <returns>False when one hangs: it is left behind, with what it uses.</returns>
    public bool TryEnd(TimeSpan patience)
    {
        bool all = true;
        foreach (Worker? worker in _workers)
        {
            all &= worker?.TryEnd(patience) ?? true;
        }

        return all;
    }
}
