using Ptnetmap.Lab.Machine;

namespace Ptnetmap.Lab.Beds;

/// <summary>Which CPUs threads are bound to, in turn.</summary>
/// <param name="Guests">Of the guests; empty leaves them to the scheduler.</param>
/// <param name="Workers">Of the workers; empty leaves them to the scheduler.</param>
public sealed record PinPlan(IReadOnlyList<int> Guests, IReadOnlyList<int> Workers)
{
    /// <summary>Nobody is bound.</summary>
    public static PinPlan None { get; } = new([], []);

    /// <summary>A CPU of its own for each guest where there are enough, else nobody is bound: a scheduler that packs
    /// two busy guests onto one core halves the rate for a whole run.</summary>
    public static PinPlan Auto(int guests) => guests <= AllowedCpus.Numbers.Count
        ? new PinPlan([.. AllowedCpus.Numbers.Take(guests)], [])
        : None;

    /// <summary>Reads <c>none</c> or <c>GUESTS[/WORKERS]</c>, each a list of CPUs: <c>0,1/1</c>.</summary>
    /// <returns>False when it is no such list.</returns>
    public static bool TryParse(string text, out PinPlan plan)
    {
        plan = None;
        if (string.Equals(text, "none", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        string[] parts = text.Split('/');
        if (parts.Length > 2 || !TryParseList(parts[0], out int[] guests))
        {
            return false;
        }

        int[] workers = [];
        if (parts.Length == 2 && !TryParseList(parts[1], out workers))
        {
            return false;
        }

        plan = new PinPlan(guests, workers);
        return true;
    }

    /// <summary>The CPU of guest number <paramref name="index"/>.</summary>
    public int? GuestCpu(int index) => Guests.Count == 0 ? null : Guests[index % Guests.Count];

    /// <inheritdoc/>
    public override string ToString() => Guests.Count + Workers.Count == 0
        ? "none"
        : $"{string.Join(',', Guests)}/{string.Join(',', Workers)}";

    private static bool TryParseList(string text, out int[] cpus)
    {
        var list = new List<int>();
        foreach (string number in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!int.TryParse(number, out int cpu) || cpu < 0 || cpu >= 1024)
            {
                cpus = [];
                return false;
            }

            list.Add(cpu);
        }

        cpus = [.. list];
        return true;
    }
}
