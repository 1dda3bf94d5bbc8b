namespace Ptnetmap.Ports.Rings;

/// <summary>Marks that a pass is under way: odd while it is. Written by the pass's thread, read by
/// <see cref="Quiescence"/>.</summary>
public sealed class PassMark
{
    private long _count;

    /// <summary>The count; odd while a pass is under way.</summary>
    public long Value => Volatile.Read(ref _count);

    /// <summary>A pass begins. A full fence: what the pass then reads of port tables is not older than this mark.</summary>
    public void Begin() => Interlocked.Increment(ref _count);

    /// <summary>The pass is over.</summary>
    public void End() => Volatile.Write(ref _count, _count + 1);
}
