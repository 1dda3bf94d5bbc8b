namespace Ptnetmap.Daemon.Configuration;

/// <summary>Takes the values of one table by key. What has the wrong type is a problem and reads as not given; keys that
/// nobody took are problems too.</summary>
internal sealed class Section(string name, ConfigTable table, ProblemList problems)
{
    private readonly List<string> _known = [];

    /// <summary>The table.</summary>
    internal ConfigTable Table => table;

    /// <summary>A whole number.</summary>
    internal int? Whole(string key) => Long(key) switch
    {
        null => null,
        long value => (int)Math.Clamp(value, int.MinValue, int.MaxValue),
    };

    /// <summary>A large whole number.</summary>
    internal long? Long(string key) => Take<long>(key, "a whole number", out long value) ? value : null;

    /// <summary>A text.</summary>
    internal string? Text(string key) => Take<string>(key, "a text in quotes", out string? value) ? value : null;

    /// <summary>True or false.</summary>
    internal bool? Truth(string key) => Take<bool>(key, "true or false", out bool value) ? value : null;

    /// <summary>A list of whole numbers.</summary>
    internal IReadOnlyList<int> Wholes(string key)
    {
        if (!Take<List<ConfigValue>>(key, "a list of whole numbers", out List<ConfigValue>? list))
        {
            return [];
        }

        foreach (ConfigValue value in list!.Where(value => value.Data is not long))
        {
            problems.Add(value.Line, $"{key}: expected whole numbers, found {value.Kind}");
        }

        return [.. list!.Select(value => value.Data).OfType<long>().Select(n => (int)Math.Clamp(n, int.MinValue, int.MaxValue))];
    }

    /// <summary>A table within; null when it is not there.</summary>
    internal Section? Inner(string key) => Take<ConfigTable>(key, "a table", out ConfigTable? inner)
        ? new Section(name.Length == 0 ? key : $"{name}.{key}", inner!, problems)
        : null;

    /// <summary>All tables <c>[[key]]</c>.</summary>
    internal IReadOnlyList<Section> All(string key)
    {
        if (!Take<List<ConfigValue>>(key, $"tables [[{key}]]", out List<ConfigValue>? list))
        {
            return [];
        }

        foreach (ConfigValue value in list!.Where(value => value.Data is not ConfigTable))
        {
            problems.Add(value.Line, $"{key}: expected tables [[{key}]], found {value.Kind}");
        }

        return [.. list!.Select(value => value.Data).OfType<ConfigTable>().Select(inner => new Section(key, inner, problems))];
    }

    /// <summary>To be called when all is taken: what is left is unknown.</summary>
    internal void Finish()
    {
        foreach ((string key, ConfigValue value) in table.Values.Where(pair => !_known.Contains(pair.Key)))
        {
            string where = name.Length == 0 ? "the file" : $"'{name}'";
            problems.Add(value.Line, $"'{key}' is nothing that {where} has; there are {string.Join(", ", _known)}");
        }
    }

    private bool Take<T>(string key, string expected, out T? value)
    {
        _known.Add(key);
        value = default;
        if (!table.Values.TryGetValue(key, out ConfigValue? found))
        {
            return false;
        }

        if (found.Data is T right)
        {
            value = right;
            return true;
        }

        problems.Add(found.Line, $"{key}: expected {expected}, found {found.Kind}");
        return false;
    }
}
