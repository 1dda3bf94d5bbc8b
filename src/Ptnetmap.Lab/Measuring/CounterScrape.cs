namespace Ptnetmap.Lab.Measuring;

/// <summary>Reads all counters at a steady rate and throws them away: what a monitor costs the packets.</summary>
public sealed class CounterScrape(long timesPerSecond) : ILiveView
{
    /// <inheritdoc/>
    public TimeSpan Interval { get; } = TimeSpan.FromSeconds(1.0 / timesPerSecond);

    /// <inheritdoc/>
    public void Show(Sample now)
    {
        // They have been read: that is all.
    }
}
