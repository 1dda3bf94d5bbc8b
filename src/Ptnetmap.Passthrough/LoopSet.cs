using Ptnetmap.Linux;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Passthrough;

/// <summary>The loops of one attachment or splice: begun together, served by one worker, and ended together.</summary>
/// <param name="workers">Who serves them.</param>
/// <param name="quiescence">The one of all ports.</param>
internal sealed class LoopSet(WorkerPool workers, Quiescence quiescence) : IDisposable
{
    private readonly List<ServedRing> _loops = [];
    private readonly HashSet<Worker> _servedBy = [];

    /// <summary>The worker; null before they begin.</summary>
    internal Worker? Worker { get; private set; }

    internal int Count => _loops.Count;

    /// <summary>Adds a loop that nobody finds yet. They begin in this order.</summary>
    internal void Add(ServedRing loop)
    {
        _loops.Add(loop);
        quiescence.Register(loop.Mark);
    }

    /// <summary>Has the worker with the fewest rings serve the loops. Each is whole and can be waited for before
    /// anybody finds it.</summary>
    internal void Start()
    {
        Worker = workers.LeastLoaded;
        _ = _servedBy.Add(Worker);
        foreach (ServedRing loop in _loops)
        {
            Worker.Add(loop);
            loop.Start();
        }

        workers.Come(this);
    }

    /// <summary>Moves all loops to another worker; traffic goes on. Not while they end.</summary>
    /// <returns>False when that can watch no more descriptors: they are where they were.</returns>
    internal bool TryMoveTo(Worker worker)
    {
        _ = _servedBy.Add(worker);
        try
        {
            _loops.ForEach(worker.Add);
            Worker = worker;
            return true;
        }
        catch (LinuxException)
        {
            _loops.FindAll(loop => loop.Worker != Worker).ForEach(Worker!.Add);
            return false;
        }
    }

    /// <summary>Ends all loops, begun or not: on return no pass uses the rings any more. What their users published
    /// last still counts: slots that were given back are not shown to the next user as full, packets that were handed
    /// over are sent when there is one.</summary>
    /// <returns>False when a pass does not end: nothing that it may use is to be freed.</returns>
    internal bool TryEnd()
    {
        workers.Go(this);
        ServedRing[] users = [.. _loops.Where(loop => loop.Ring.Client == loop)];
        foreach (ServedRing loop in _loops)
        {
            loop.Disappear();
            loop.Worker?.Remove(loop);
        }

        // All of them are waited for: those that it was moved away from may still be at it.
        bool areQuiet =
            _servedBy.Aggregate(true, (quiet, worker) => quiet & worker.TryAwaitServed(quiescence.Patience));
        areQuiet &= quiescence.Wait();
        if (areQuiet)
        {
            Array.ForEach(users, loop => loop.FetchLast());
        }

        _loops.FindAll(loop => loop.Mark.IsStuck).ForEach(loop => Worker?.Suspect(loop.Mark));
        workers.Balance();
        return areQuiet;
    }

    /// <summary>Frees what the loops have of their own, when they have ended.</summary>
    public void Dispose()
    {
        foreach (ServedRing loop in _loops)
        {
            quiescence.Unregister(loop.Mark);
            (loop as IDisposable)?.Dispose();
        }
    }
}
