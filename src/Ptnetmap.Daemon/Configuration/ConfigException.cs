namespace Ptnetmap.Daemon.Configuration;

/// <summary>A configuration file with mistakes: a line each, of the first ones and how many more there are.</summary>
public sealed class ConfigException : Exception
{
    /// <summary>Most mistakes that are told; the next look at the file finds the others.</summary>
    public const int MostTold = 20;

    /// <summary>Makes one of all mistakes found.</summary>
    public ConfigException(IReadOnlyList<ConfigProblem> problems)
        : base(Tell(problems)) => Problems = problems;

    /// <summary>Makes one with a free text.</summary>
    public ConfigException(string message) : base(message)
    {
    }

    /// <summary>The mistakes, by line.</summary>
    public IReadOnlyList<ConfigProblem> Problems { get; } = [];

    private static string Tell(IReadOnlyList<ConfigProblem> problems)
    {
        string told = string.Join('\n', problems.Take(MostTold));
        return problems.Count <= MostTold ? told : $"{told}\n{problems[0].File}: and {problems.Count - MostTold} more";
    }
}
