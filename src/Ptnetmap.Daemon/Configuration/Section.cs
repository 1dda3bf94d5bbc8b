using Ptnetmap.Linux;

namespace Ptnetmap.Daemon.Configuration;

/// <summary>Takes the values of one table by key. What has the wrong type, is outside its limits or missing is a problem and reads as
/// not given; keys that nobody took are problems too.</summary>
internal sealed class Section
{
    private readonly string _name;
    private readonly string _within;
    private readonly ProblemList _problems;
    private readonly HashSet<string> _told;
    private readonly List<string> _known = [];
    private readonly List<string> _missing = [];

    /// <summary>Makes one of a table.</summary>
    /// <param name="name">What the table is called: <c>port</c>; empty for the file.</param>
    /// <param name="table">The table.</param>
    /// <param name="problems">Where what is wrong is told.</param>
    internal Section(string name, ConfigTable table, ProblemList problems) : this(name, "", table, problems, new(StringComparer.Ordinal))
    {
    }

    private Section(string name, string within, ConfigTable table, ProblemList problems, HashSet<string> told) =>
        (_name, _within, Table, _problems, _told) = (name, within, table, problems, told);

    /// <summary>The table.</summary>
    internal ConfigTable Table { get; }

    /// <summary>A whole number, by its limits.</summary>
    internal int? Whole(string key) => (int?)Long(key);

    /// <summary>A large whole number, by its limits.</summary>
    internal long? Long(string key)
    {
        NumberLimits limits = SettingLimits.Of(key);
        if (!Take<long>(key, limits.ToString(), out long value))
        {
            return null;
        }

        if (!limits.Holds(value))
        {
            Tell(Table.LineOf(key), key, limits.Refuse(value));
            return null;
        }

        return value;
    }

    /// <summary>A text.</summary>
    internal string? Text(string key) => Take<string>(key, "a text in quotes", out string? value) ? value : null;

    /// <summary>A text that has a usual value; empty when something else is there.</summary>
    internal string Text(string key, string usual) => Text(key) ?? (Table.Values.ContainsKey(key) ? "" : usual);

    /// <summary>A text that has to be there; empty when it is not.</summary>
    internal string Name(string key = "name")
    {
        if (!Table.Values.ContainsKey(key))
        {
            _missing.Add(key);
            _ = _told.Add(_within + key);
        }

        return Text(key, "");
    }

    /// <summary>True or false.</summary>
    internal bool? Truth(string key) => Take<bool>(key, "true or false", out bool value) ? value : null;

    /// <summary>A list of whole numbers, by their limits.</summary>
    internal IReadOnlyList<int> Wholes(string key)
    {
        NumberLimits limits = SettingLimits.Of(key);
        if (!Take<List<ConfigValue>>(key, $"a list of whole numbers from {limits.Low} to {limits.High}", out List<ConfigValue>? list))
        {
            return [];
        }

        var numbers = new List<int>();
        foreach (ConfigValue value in list!)
        {
            if (value.Data is not long number)
            {
                Tell(value.Line, key, $"expected whole numbers from {limits.Low} to {limits.High}, found {value.Kind}");
            }
            else if (!limits.Holds(number))
            {
                Tell(value.Line, key, limits.Refuse(number));
            }
            else
            {
                numbers.Add((int)number);
            }
        }

        return numbers;
    }

    /// <summary>A table within; null when it is not there.</summary>
    internal Section? Inner(string key) => !Take<ConfigTable>(key, "a table", out ConfigTable? inner) ? null
        : _name.Length == 0 ? new Section(key, inner!, _problems)
        : new Section($"{_name}.{key}", $"{_within}{key}.", inner!, _problems, _told);

    /// <summary>All tables <c>[[key]]</c>.</summary>
    internal IReadOnlyList<Section> All(string key)
    {
        if (!Take<List<ConfigValue>>(key, $"tables [[{key}]]", out List<ConfigValue>? list))
        {
            return [];
        }

        foreach (ConfigValue value in list!.Where(value => value.Data is not ConfigTable))
        {
            Tell(value.Line, key, $"expected tables [[{key}]], found {value.Kind}");
        }

        return [.. list!.Select(value => value.Data).OfType<ConfigTable>().Select(inner => new Section(key, inner, _problems))];
    }

    /// <summary>Adds what the rules found in the settings that were read here, but for what was told of the same key already: that
    /// is one mistake.</summary>
    internal void Add(IEnumerable<Fault> faults)
    {
        foreach (Fault fault in faults.Where(fault => !_told.Contains(fault.Key)))
        {
            _problems.Add(Table.LineOf(fault.Key), fault.ToString());
        }
    }

    /// <summary>To be called when all is taken: what is left is unknown, and what is missing is told in one line.</summary>
    internal void Finish()
    {
        string[] unknown = [.. Table.Values.Keys.Except(_known, StringComparer.Ordinal)];
        foreach (string key in unknown)
        {
            string where = _name.Length == 0 ? "the file" : $"'{_name}'";
            _problems.Add(Table.Values[key].Line, $"'{Printable.Name(key)}' is nothing that {where} has; there are {string.Join(", ", _known)}");
        }

        // An unknown key may be the one that is missing, mistyped.
        string[] missing = [.. _missing.Where(key => !Array.Exists(unknown, other => NearbyWords.AreNear(key, other)))];
        if (missing.Length > 0)
        {
            _problems.Add(Table.Line, $"[[{_name}]] has no {string.Join(" and no ", missing)}, and needs {(missing.Length == 1 ? "one" : "both")}");
        }
    }

    /// <summary>True when something was told of a key.</summary>
    internal bool IsTold(string key) => _told.Contains(_within + key);

    private void Tell(int line, string key, string text)
    {
        _ = _told.Add(_within + key);
        _problems.Add(line, $"{_within}{key}: {text}");
    }

    private bool Take<T>(string key, string expected, out T? value)
    {
        _known.Add(key);
        value = default;
        if (!Table.Values.TryGetValue(key, out ConfigValue? found))
        {
            return false;
        }

        if (found.Data is T right)
        {
            value = right;
            return true;
        }

        Tell(found.Line, key, $"expected {expected}, found {found.Kind}");
        return false;
    }
}
