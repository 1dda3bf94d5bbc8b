namespace Ptnetmap.Passthrough;

/// <summary>What a sync loop does when it runs dry.</summary>
/// <param name="Name">Its name in options and reports.</param>
/// <param name="SpinNanoseconds">How long a worker looks for more work before it arms the kick.</param>
/// <param name="HoldOffNanoseconds">After a pass that moved much, or one done by a side that was about to sleep, the kick
/// stays disarmed for this long: the sides look after the ring themselves, and a timer looks if they do not. 0 arms at once.</param>
/// <param name="NeverSleeps">The worker polls for ever and never asks for kicks.</param>
public sealed record NotificationPolicy(string Name, long SpinNanoseconds, long HoldOffNanoseconds, bool NeverSleeps)
{
    /// <summary>Arms the kick as soon as the ring is dry: least CPU, a kick for each burst.</summary>
    public static NotificationPolicy Sleep { get; } = new("sleep", 0, 0, false);

    /// <summary>Looks around for a few microseconds, and holds the kick off while the ring is busy. The default: an idle
    /// machine is idle, a busy one is not interrupted.</summary>
    public static NotificationPolicy SpinThenSleep { get; } = new("spin-then-sleep", 2_000, 250_000, false);

    /// <summary>Polls: lowest latency, a core a worker.</summary>
    public static NotificationPolicy Spin { get; } = new("spin", 0, 0, true);

    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<NotificationPolicy> All { get; } = [SpinThenSleep, Sleep, Spin];

    /// <summary>The policy of that name.</summary>
    /// <exception cref="ArgumentException">There is none; the message names those that there are.</exception>
    public static NotificationPolicy Parse(string name)
    {
        foreach (NotificationPolicy policy in All)
        {
            if (string.Equals(policy.Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return policy;
            }
        }

        throw new ArgumentException(
            $"no notification policy '{name}'; there are {string.Join(", ", All.Select(p => p.Name))} (option --policy)",
            nameof(name));
    }
}
