using System.Diagnostics;

namespace Ptnetmap.Ports.Rings;

/// <summary>Waiting for another thread by looking, which has an end. At first the core is only offered to others; later
/// this thread sleeps between two looks.</summary>
/// <param name="patience">For how long.</param>
internal struct BoundedWait(TimeSpan patience)
{
    private const int Yields = 1000;

    // A process that was stopped for seconds has kept nobody waiting: a sleep counts for no more than this.
    private static readonly TimeSpan MostOfASleep = TimeSpan.FromMilliseconds(10);

    private int _yields;
    private TimeSpan _waited;

    /// <summary>Gives others time.</summary>
    /// <returns>False when there is none left.</returns>
    public bool TryPause()
    {
        if (_yields < Yields)
        {
            _yields++;
            Thread.Yield();
            return true;
        }

        if (_waited >= patience)
        {
            return false;
        }

        long before = Stopwatch.GetTimestamp();
        Thread.Sleep(1);
        TimeSpan slept = Stopwatch.GetElapsedTime(before);
        _waited += slept < MostOfASleep ? slept : MostOfASleep;
        return true;
    }
}
