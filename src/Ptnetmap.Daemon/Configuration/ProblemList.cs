using Ptnetmap.Linux;

namespace Ptnetmap.Daemon.Configuration;

/// <summary>The mistakes of one file, collected: by line.</summary>
internal sealed class ProblemList(string file) : SettingsDoor
{
    private readonly List<ConfigProblem> _problems = [];

    /// <summary>True when there is none.</summary>
    internal bool IsEmpty => _problems.Count == 0;

    /// <inheritdoc/>
    internal override string Text => "a text in quotes";

    /// <inheritdoc/>
    internal override string Table => "a table";

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

    /// <inheritdoc/>
    internal override string Describe(object? data) => data switch
    {
        long or double => $"the number {data}",
        bool truth => truth ? "true" : "false",
        string text => $"the text '{Printable.Name(text)}'",
        List<ConfigValue> => "a list",
        ConfigTable => "a table",
        _ => "something else",
    };

    /// <inheritdoc/>
    internal override void Tell(int line, string key, string text) => Add(line, $"{key}: {text}");

    /// <inheritdoc/>
    internal override void TellUnknown(Section section, string key, IEnumerable<string> known)
    {
        string where = section.Name.Length == 0 ? "the file" : $"'{section.Name}'";
        Add(section.Table.LineOf(key),
            $"'{Printable.Name(key)}' is nothing that {where} has; there are {string.Join(", ", known)}");
    }

    /// <inheritdoc/>
    internal override void TellMissing(Section section, IReadOnlyList<string> keys) => Add(
        section.Table.Line, $"[[{section.Name}]] has no " +
            $"{string.Join(" and no ", keys)}, and needs {(keys.Count == 1 ? "one" : "both")}");
}
