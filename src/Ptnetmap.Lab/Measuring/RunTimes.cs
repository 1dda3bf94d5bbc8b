namespace Ptnetmap.Lab.Measuring;

/// <summary>How long a run takes.</summary>
/// <param name="WarmUp">Until rings, caches and pages have settled; not counted.</param>
/// <param name="Window">What is counted.</param>
public sealed record RunTimes(TimeSpan WarmUp, TimeSpan Window)
{
    /// <summary>0.3 s lets every buffer be touched a few times and the sides find their rhythm.</summary>
    public static TimeSpan DefaultWarmUp { get; } = TimeSpan.FromSeconds(0.3);

    /// <summary>A window of so many seconds after the usual warm-up.</summary>
    public static RunTimes Of(double seconds) => new(DefaultWarmUp, TimeSpan.FromSeconds(seconds));
}
