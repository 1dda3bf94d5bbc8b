namespace Ptnetmap.Ports.Rings;

/// <summary>Waits until no pass that might still use something is under way. Whoever takes a port, a guest or its
/// memory away first makes it unreachable, then waits here, then frees: passes need no lock to use what they found.
/// <para>A pass that never ends (its thread hangs in the kernel, say) is waited for once, and no longer than
/// <see cref="Patience"/>. What it may use is then not freed at all.</para></summary>
/// <param name="patience">How long a pass may take at most; null: <see cref="DefaultPatience"/>.</param>
public sealed class Quiescence(TimeSpan? patience = null)
{
    private static readonly Lock KeptLock = new();
    private static readonly List<object> Kept = [];
    private readonly Lock _lock = new();
    private PassMark[] _marks = [];

    /// <summary>How long a pass is waited for unless told otherwise: passes take milliseconds at most.</summary>
    public static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(5);

    /// <summary>How long a pass is waited for.</summary>
    public TimeSpan Patience { get; } = patience ?? DefaultPatience;

    /// <summary>Called once for a pass that does not end, with the name of whose it is, by who waited for it.</summary>
    public Action<string> Stuck { get; set; } = _ => { };

    /// <summary>Keeps what a pass that does not end may use, for as long as the process lives: no finaliser is to free
    /// it either.</summary>
    public static void Keep(object used)
    {
        lock (KeptLock)
        {
            Kept.Add(used);
        }
    }

    /// <summary>Adds a loop's mark, before its first pass.</summary>
    public void Register(PassMark mark)
    {
        lock (_lock)
        {
            _marks = [.. _marks, mark];
        }
    }

    /// <summary>Takes a loop's mark out; its passes are over, and those that it might still begin use
    /// nothing.</summary>
    public void Unregister(PassMark mark)
    {
        lock (_lock)
        {
            _marks = Array.FindAll(_marks, other => other != mark);
        }
    }

    /// <summary>Returns when every pass that was under way at the call has ended, or was waited for in vain. Not to be
    /// called from within a pass.</summary>
    /// <returns>False when one has not ended: what it might use is not to be freed.</returns>
    public bool Wait()
    {
        PassMark[] marks;
        lock (_lock)
        {
            marks = _marks;
        }

        Interlocked.MemoryBarrier();
        bool allEnded = true;
        foreach (PassMark mark in marks)
        {
            bool isKnown = mark.IsStuck;
            if (!mark.TryAwaitEnd(Patience))
            {
                allEnded = false;
                if (!isKnown)
                {
                    Stuck(mark.Name);
                }
            }
        }

        return allEnded;
    }
}
