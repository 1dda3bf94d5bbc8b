namespace Ptnetmap.Daemon.Configuration;

/// <summary>A configuration file with mistakes: all of them, a line each.</summary>
public sealed class ConfigException : Exception
{
    /// <summary>Makes one of all mistakes found.</summary>
    public ConfigException(IReadOnlyList<ConfigProblem> problems)
        : base(string.Join('\n', problems)) => Problems = problems;

    /// <summary>Makes one with a free text.</summary>
    public ConfigException(string message) : base(message)
    {
    }

    /// <summary>Makes one with a free text and a cause.</summary>
    public ConfigException(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <summary>Makes an empty one.</summary>
    public ConfigException()
    {
    }

    /// <summary>The mistakes, by line.</summary>
    public IReadOnlyList<ConfigProblem> Problems { get; } = [];
}
