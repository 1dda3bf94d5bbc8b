namespace Ptnetmap.Memory;

/// <summary>Memory that a region was promised and does not have yet. No other region is promised the same
/// (<see cref="MemoryLimits.Commit"/>): what all may come to need fits into the limits, though none of it is used
/// so far.</summary>
internal sealed class MemoryCommitment : IDisposable
{
    private readonly MemoryLimits _limits;
    private long _left;

    internal MemoryCommitment(MemoryLimits limits, long bytes) => (_limits, _left) = (limits, bytes);

    /// <summary>Some of it is there now: from here on the kernel counts it.</summary>
    /// <param name="bytes">How much; what is beyond the promise is not counted.</param>
    internal void Spend(long bytes)
    {
        long left = Volatile.Read(ref _left);
        while (true)
        {
            long spent = Math.Min(bytes, left);
            long seen = Interlocked.CompareExchange(ref _left, left - spent, left);
            if (seen == left)
            {
                _limits.Uncommit(spent);
                return;
            }

            left = seen;
        }
    }

    /// <summary>The rest is not needed any more.</summary>
    public void Dispose()
    {
        Spend(long.MaxValue);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives back what its region's owner forgot.</summary>
    ~MemoryCommitment() => Spend(long.MaxValue);
}
