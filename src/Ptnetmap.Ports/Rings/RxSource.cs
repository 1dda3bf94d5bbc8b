using Ptnetmap.Linux;

namespace Ptnetmap.Ports.Rings;

/// <summary>Where packets of a receive ring come from when it is not another port: a socket of the kernel's,
/// say.</summary>
public abstract class RxSource
{
    /// <summary>Readable while packets wait; for epoll, level-triggered. The same for the life of the port.</summary>
    public abstract FileDescriptor Descriptor { get; }

    /// <summary>True when nothing will come any more (the interface was deleted): the descriptor then stays readable
    /// for ever, and nobody waits for it.</summary>
    public virtual bool IsGone => false;

    /// <summary>True when nothing can arrive before the user has given slots back: the descriptor stays silent until
    /// then. Called by who holds the ring.</summary>
    public virtual bool IsStarved => false;

    /// <summary>Somebody is going to wait for the descriptor. Before, and after <see cref="Ignore"/>, a source need not
    /// make it readable. Called by who holds the ring.</summary>
    public virtual void Expect()
    {
    }

    /// <summary>Nobody waits for the descriptor for a while: packets that arrive need not look for somebody to wake.
    /// Called by who holds the ring.</summary>
    public virtual void Ignore()
    {
    }

    /// <summary>Moves packets that have arrived into free slots of <paramref name="rx"/>, at most
    /// <paramref name="budget"/> slots, and moves its <c>hwtail</c>. The caller holds the ring, has fetched the user's
    /// head, and shows and tells the user afterwards.</summary>
    /// <returns><see cref="SyncStatus.Dry"/> when none waits, <see cref="SyncStatus.More"/> when the budget is used up,
    /// <see cref="SyncStatus.Blocked"/> when packets wait and no slot is free.</returns>
    public abstract SyncStatus RxSync(Kring rx, uint budget);
}
