namespace Ptnetmap.Client;

/// <summary>What a guest does when its rings have nothing for it.</summary>
/// <param name="Name">Its name in options and reports.</param>
/// <param name="Pauses">How many times it pauses and looks before it asks for an interrupt and sleeps.</param>
/// <param name="NeverSleeps">It looks for ever; a core a guest.</param>
/// <param name="LongPauses">How many times it does so as long as that pays: where looking so long was in vain, only
/// every second, fourth, ... sixty-fourth wait is so long, until one finds something again. 0: never.</param>
public sealed record IdleStrategy(string Name, int Pauses, bool NeverSleeps, int LongPauses = 0)
{
    /// <summary>Asks for an interrupt at once.</summary>
    public static IdleStrategy Sleep { get; } = new("sleep", 0, false);

    /// <summary>Polls.</summary>
    public static IdleStrategy Spin { get; } = new("spin", int.MaxValue, true);

    /// <summary>A handful of looks, or some twenty microseconds of them where that finds something, then sleep. More
    /// looks keep the core from whoever would bring the news when there are more busy parties than cores: with
    /// thousands each time the throughput falls to a tenth.</summary>
    public static IdleStrategy Default { get; } = SpinThenSleep(8) with { Name = "adaptive", LongPauses = 1000 };

    /// <summary>Looks <paramref name="pauses"/> times, with a pause of the processor (some tens of nanoseconds) before
    /// each.</summary>
    public static IdleStrategy SpinThenSleep(int pauses)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(pauses);
        return new IdleStrategy($"spin-then-sleep-{pauses}", pauses, false);
    }
}
