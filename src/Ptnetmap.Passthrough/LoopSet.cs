using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Passthrough;

/// <summary>The loops of one attachment or splice: begun together, and ended together.</summary>
/// <param name="quiescence">The one of all ports.</param>
internal sealed class LoopSet(Quiescence quiescence) : IDisposable
{
    private readonly List<ServedRing> _loops = [];

    /// <summary>Adds a loop that nobody finds yet.</summary>
    internal void Add(ServedRing loop)
    {
        _loops.Add(loop);
        quiescence.Register(loop.Mark);
    }

    /// <summary>Has the worker with the fewest rings serve the loops, in this order. Each is whole and can be waited for before
    /// anybody finds it.</summary>
    internal static void Start(WorkerPool workers, IEnumerable<ServedRing> loops)
    {
        Worker worker = workers.LeastLoaded;
        foreach (ServedRing loop in loops)
        {
            worker.Add(loop);
            loop.Start();
        }
    }

    /// <summary>Moves all loops to another worker; traffic goes on.</summary>
    internal void MoveTo(Worker worker) => _loops.ForEach(worker.Add);

    /// <summary>Ends all loops, begun or not: on return no pass uses the rings any more. What their users published last still counts:
    /// slots that were given back are not shown to the next user as full, packets that were handed over are sent when there is
    /// one.</summary>
    /// <returns>False when a pass does not end: nothing that it may use is to be freed.</returns>
    internal bool TryEnd()
    {
        bool areQuiet = true;
        ServedRing[] users = [.. _loops.Where(loop => loop.Ring.Client == loop)];
        foreach (ServedRing loop in _loops)
        {
            loop.Disappear();
            areQuiet &= loop.Worker?.Remove(loop, quiescence.Patience) ?? true;
        }

        areQuiet &= quiescence.Wait();
        if (areQuiet)
        {
            Array.ForEach(users, loop => loop.FetchLast());
        }

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
