using Ptnetmap.Memory;

namespace Ptnetmap.Ports.Switching;

/// <summary>The ports whose packets one receive ring gets: those that wait for space in it, and those that have lately
/// sent most of what they send there. Its user, when it has nothing else to do, brings their packets itself. Marked and
/// looked at by many threads at once; a mark that is lost costs a wait until the sender's timer.</summary>
internal sealed class FeederSet
{
    /// <summary>Whether its user looks for long for more of their packets before it takes what there is.</summary>
    public LongLook Looks;

    private PortBits _waiting;
    private PortBits _recent;
    private int _next;

    /// <summary>True when a port waits for space.</summary>
    public bool HasWaiting => !_waiting.IsEmpty;

    /// <summary>A port waits for space.</summary>
    public void Wait(int number) => Interlocked.Or(ref _waiting[number >> 6], 1UL << number);

    /// <summary>A port has sent here.</summary>
    public void Note(int number)
    {
        if ((_recent[number >> 6] & (1UL << number)) == 0)
        {
            Interlocked.Or(ref _recent[number >> 6], 1UL << number);
        }
    }

    /// <summary>True, once, for a port that waits.</summary>
    public bool TryTakeWaiting(int number)
    {
        ulong bit = 1UL << number;
        return (_waiting[number >> 6] & bit) != 0
            && (Interlocked.And(ref _waiting[number >> 6], ~bit) & bit) != 0;
    }

    /// <summary>All of them now, and where to begin, so that each is the first at times.</summary>
    public PortBits Look(out int from)
    {
        PortBits all = _waiting;
        for (int i = 0; i < PortBits.Words; i++)
        {
            all[i] |= _recent[i];
        }

        from = all.IsEmpty ? 0 : all.NextAfter(_next);
        _next = from;
        return all;
    }
}
