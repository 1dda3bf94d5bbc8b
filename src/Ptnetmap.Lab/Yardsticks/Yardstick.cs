using Ptnetmap.Traffic;

namespace Ptnetmap.Lab.Yardsticks;

/// <summary>Something else that is measured in turn with the runs of a measurement, so that both see the same
/// machine.</summary>
/// <param name="name">What it is.</param>
/// <param name="measure">Measures it once.</param>
public sealed class Yardstick(string name, Func<LatencySummary> measure)
{
    private readonly List<LatencySummary> _times = [];

    /// <summary>What it is.</summary>
    public string Name => name;

    /// <summary>The run whose median is the median of all; null before the first.</summary>
    public LatencySummary? Median =>
        _times.Count == 0 ? null : _times.OrderBy(times => times.P50).ElementAt((_times.Count - 1) / 2);

    /// <summary>Measures it once more.</summary>
    public LatencySummary Measure()
    {
        LatencySummary times = measure();
        _times.Add(times);
        return times;
    }
}
