namespace Ptnetmap.Ports.Rings;

/// <summary>Waits until no pass that might still use something is under way. Whoever takes a port, a guest or its memory
/// away first makes it unreachable, then waits here, then frees: passes need no lock to use what they found.</summary>
public sealed class Quiescence
{
    private readonly Lock _lock = new();
    private PassMark[] _marks = [];

    /// <summary>Adds a ring's mark.</summary>
    public void Register(PassMark mark)
    {
        lock (_lock)
        {
            _marks = [.. _marks, mark];
        }
    }

    /// <summary>Takes a ring's mark out; its passes are over and no new one will start.</summary>
    public void Unregister(PassMark mark)
    {
        lock (_lock)
        {
            _marks = Array.FindAll(_marks, other => other != mark);
        }
    }

    /// <summary>Returns when every pass that was under way at the call has ended. Not to be called from within a pass.</summary>
    public void Wait()
    {
        PassMark[] marks;
        lock (_lock)
        {
            marks = _marks;
        }

        Interlocked.MemoryBarrier();
        foreach (PassMark mark in marks)
        {
            long seen = mark.Value;
            while ((seen & 1) != 0 && mark.Value == seen)
            {
                Thread.Yield();
            }
        }
    }
}
