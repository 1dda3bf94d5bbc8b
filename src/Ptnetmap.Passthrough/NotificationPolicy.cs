namespace Ptnetmap.Passthrough;

/// <summary>What a sync loop does when it runs dry: one object for all rings, without a state of its own. Those that
/// options name are here; any other may be given to an attachment or a splice in their place.</summary>
/// <param name="name">Its name in options and reports.</param>
public abstract class NotificationPolicy(string name)
{
    /// <summary>Arms the kick as soon as the ring is dry: least CPU, a kick for each burst.</summary>
    public static NotificationPolicy Sleep { get; } = new ArmingPolicy("sleep", neverSleeps: false);

    /// <summary>Looks around for a few microseconds, and holds the kick off while the ring is busy. The default: an
    /// idle machine is idle, a busy one is not interrupted.</summary>
    public static NotificationPolicy SpinThenSleep { get; } = new HoldOffPolicy("spin-then-sleep", 2_000, 250_000);

    /// <summary>Polls: lowest latency, a core a worker.</summary>
    public static NotificationPolicy Spin { get; } = new ArmingPolicy("spin", neverSleeps: true);

    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<NotificationPolicy> All { get; } = [SpinThenSleep, Sleep, Spin];

    /// <summary>Its name in options and reports.</summary>
    public string Name => name;

    /// <summary>The worker polls for ever and never asks for kicks. The same at each call.</summary>
    public virtual bool NeverSleeps => false;

    /// <summary>How long a worker looks for more work before a pass ends.</summary>
    public virtual long SpinNanoseconds => 0;

    /// <summary>The longest time for which what wakes a ring is held off, in nanoseconds; 0: it is armed at
    /// once.</summary>
    public virtual long LongestHoldOff => 0;

    /// <summary>How long what wakes a ring is held off after a pass, in nanoseconds, up to
    /// <see cref="LongestHoldOff"/>: the sides look after the ring themselves, and a timer looks if they do not. 0: it
    /// is armed, unless an earlier time is not over.</summary>
    public virtual long HoldOffAfter(in PassOutcome pass) => 0;

    /// <summary>The policy of that name.</summary>
    /// <exception cref="ArgumentException">There is none; the message names those that there are.</exception>
    public static NotificationPolicy Parse(string name) =>
        All.FirstOrDefault(policy => string.Equals(policy.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException(
            "no notification policy " +
            $"'{name}'; there are {string.Join(", ", All.Select(p => p.Name))} (option --policy)",
            nameof(name));

    private sealed class ArmingPolicy(string name, bool neverSleeps) : NotificationPolicy(name)
    {
        public override bool NeverSleeps => neverSleeps;
    }
}
