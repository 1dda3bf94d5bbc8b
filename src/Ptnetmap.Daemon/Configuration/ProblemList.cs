namespace Ptnetmap.Daemon.Configuration;

/// <summary>The mistakes of one file, collected.</summary>
internal sealed class ProblemList(string file)
{
    private readonly List<ConfigProblem> _problems = [];

    /// <summary>The file.</summary>
    internal string File => file;

    /// <summary>True when there is none.</summary>
    internal bool IsEmpty => _problems.Count == 0;

    /// <summary>Adds one.</summary>
    internal void Add(int line, string text) => _problems.Add(new ConfigProblem(file, line, text));

    /// <summary>Throws when there are any.</summary>
    /// <exception cref="ConfigException">There are.</exception>
    internal void ThrowIfAny()
    {
        if (!IsEmpty)
        {
            throw new ConfigException([.. _problems.OrderBy(problem => problem.Line)]);
        }
    }
}
