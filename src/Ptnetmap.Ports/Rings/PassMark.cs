namespace Ptnetmap.Ports.Rings;

/// <summary>Marks that a pass is under way: odd while it is. Written by the pass's thread, read by
/// <see cref="Quiescence"/>. It is of one loop, which runs its passes one after the other: two that shared a mark would
/// end each other's.</summary>
/// <param name="name">Whose passes, for messages.</param>
public sealed class PassMark(string name)
{
    private long _count;
    private long _givenUp = -1;

    /// <summary>Whose passes.</summary>
    public string Name => name;

    /// <summary>The count; odd while a pass is under way.</summary>
    public long Value => Volatile.Read(ref _count);

    /// <summary>True while a pass is under way for which somebody has waited in vain.</summary>
    public bool IsStuck => Value == Volatile.Read(ref _givenUp);

    /// <summary>A pass begins. A full fence: what the pass then reads of port tables is not older than this
    /// mark.</summary>
    public void Begin() => Interlocked.Increment(ref _count);

    /// <summary>The pass is over.</summary>
    public void End() => Volatile.Write(ref _count, _count + 1);

    /// <summary>Waits until the pass that is under way, if one is, has ended. For one that was waited for in vain
    /// before, nobody waits again.</summary>
    /// <returns>False when it did not within <paramref name="patience"/>: what it uses has to stay.</returns>
    public bool TryAwaitEnd(TimeSpan patience)
    {
        long seen = Value;
        bool isUnderWay = (seen & 1) != 0;
        if (!isUnderWay || IsStuck)
        {
            return !isUnderWay;
        }

        var pause = new BoundedWait(patience);
        while (Value == seen)
        {
            if (!pause.TryPause())
            {
                Volatile.Write(ref _givenUp, seen);
                return Value != seen;
            }
        }

        return true;
    }
}
