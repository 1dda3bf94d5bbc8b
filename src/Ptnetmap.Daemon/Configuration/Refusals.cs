using Ptnetmap.Linux;

namespace Ptnetmap.Daemon.Configuration;

/// <summary>Refusals that all registries make in the same words.</summary>
internal static class Refusals
{
    /// <summary>Refuses settings that have faults.</summary>
    /// <exception cref="RefusalException">They have.</exception>
    internal static void Require(IEnumerable<Fault> faults)
    {
        Fault[] found = [.. faults];
        if (found.Length > 0)
        {
            throw new RefusalException(found);
        }
    }

    /// <summary>That there is nothing of a name, and what there is.</summary>
    /// <param name="what">What was looked for: <c>port</c>.</param>
    /// <param name="name">Under which name.</param>
    /// <param name="names">The names that there are.</param>
    internal static RefusalException NotFound(string what, string name, IEnumerable<string> names)
    {
        string[] known = [.. names];
        string there = known.Length switch
        {
            0 => "there is none",
            1 => $"there is {known[0]}",
            _ => $"there are {string.Join(", ", known)}",
        };
        return new RefusalException(RefusalKind.NotFound, $"no {what} '{Printable.Name(name)}'; {there}");
    }
}
