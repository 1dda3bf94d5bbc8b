using Ptnetmap.Linux;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace Ptnetmap.Daemon.Configuration;

/// <summary>Reads TOML into tables that remember their lines. Nothing is bound by reflection, so it works compiled
/// ahead.</summary>
internal sealed class TomlTree(ProblemList problems)
{
    // The parser has a limit too, of 64, and says so by an exception that knows no line.
    private const int DeepestNesting = 32;

    private readonly ConfigTable _root = new(1);

    /// <summary>Reads a whole document.</summary>
    internal static ConfigTable Read(string text, string file, ProblemList problems)
    {
        if (LineOfNesting(text) is > 0 and var deep)
        {
            problems.Add(deep, $"brackets within brackets, more than {DeepestNesting} deep");
            return new ConfigTable(1);
        }

        DocumentSyntax document = SyntaxParser.Parse(text, file, validate: true);

        // The first one only: what the parser says of the rest of the file is mostly about the same mistake.
        if (document.Diagnostics.Count > 0)
        {
            DiagnosticMessage message =
                document.Diagnostics.MinBy(found => (found.Span.Start.Line, found.Span.Start.Column))!;
            problems.Add(message.Span.Start.Line + 1, Printable.Line(message.Message));
        }

        var tree = new TomlTree(problems);
        if (problems.IsEmpty)
        {
            tree.Read(document);
        }

        return tree._root;
    }

    // The parser follows brackets by recursion, and would run out of stack. Those in texts and remarks count, for so
    // many that are not closed are in neither.
    private static int LineOfNesting(string text)
    {
        int depth = 0;
        int line = 1;
        foreach (char c in text)
        {
            line += c == '\n' ? 1 : 0;
            depth = c is '[' or '{' ? depth + 1 : c is ']' or '}' ? Math.Max(0, depth - 1) : depth;
            if (depth > DeepestNesting)
            {
                return line;
            }
        }

        return 0;
    }

    private static int LineOf(SyntaxNode node) => node.Span.Start.Line + 1;

    private static string TextOf(BareKeyOrStringValueSyntax? key) => key switch
    {
        BareKeySyntax bare => bare.Key?.Text ?? "",
        StringValueSyntax text => text.Value ?? "",
        _ => "",
    };

    private static string[] PathOf(KeySyntax key) => [TextOf(key.Key), .. key.DotKeys.Select(dot => TextOf(dot.Key))];

    private void Read(DocumentSyntax document)
    {
        foreach (KeyValueSyntax pair in document.KeyValues)
        {
            Put(_root, pair);
        }

        foreach (TableSyntaxBase table in document.Tables)
        {
            string[] path = PathOf(table.Name!);
            ConfigTable? target = Descend(_root, path[..^1], LineOf(table));
            target = target is null ? null : table is TableArraySyntax
                ? Append(target, path[^1], LineOf(table))
                : Descend(target, [path[^1]], LineOf(table));
            foreach (KeyValueSyntax pair in target is null ? [] : table.Items.ToArray())
            {
                Put(target!, pair);
            }
        }
    }

    private ConfigTable? Append(ConfigTable table, string key, int line)
    {
        if (!table.Values.TryGetValue(key, out ConfigValue? value))
        {
            value = new ConfigValue(line, new List<ConfigValue>());
            table.Values.Add(key, value);
        }

        if (value.Data is not List<ConfigValue> list)
        {
            problems.Add(line,
                $"'{Printable.Name(key)}' is {problems.Describe(value.Data)} already (line {value.Line})");
            return null;
        }

        var element = new ConfigTable(line);
        list.Add(new ConfigValue(line, element));
        return element;
    }

    // A dotted name goes through the last element of an array of tables: [pipe.master] is of the latest [[pipe]].
    private ConfigTable? Descend(ConfigTable table, string[] path, int line)
    {
        foreach (string key in path)
        {
            if (!table.Values.TryGetValue(key, out ConfigValue? value))
            {
                value = new ConfigValue(line, new ConfigTable(line));
                table.Values.Add(key, value);
            }

            object? data = value.Data is List<ConfigValue> { Count: > 0 } list ? list[^1].Data : value.Data;
            if (data is not ConfigTable inner)
            {
                problems.Add(line,
                    $"'{Printable.Name(key)}' is {problems.Describe(value.Data)} already (line {value.Line})");
                return null;
            }

            table = inner;
        }

        return table;
    }

    private void Put(ConfigTable table, KeyValueSyntax pair)
    {
        string[] path = PathOf(pair.Key!);
        int line = LineOf(pair);
        ConfigTable? target = Descend(table, path[..^1], line);
        if (target is not null && !target.Values.TryAdd(path[^1], new ConfigValue(line, DataOf(pair.Value!))))
        {
            problems.Add(line, $"'{Printable.Name(path[^1])}' is set twice");
        }
    }

    private object DataOf(ValueSyntax value)
    {
        switch (value)
        {
            case IntegerValueSyntax number:
                return number.Value;
            case FloatValueSyntax number:
                return number.Value;
            case BooleanValueSyntax truth:
                return truth.Value;
            case StringValueSyntax text:
                return text.Value ?? "";
            case ArraySyntax array:
                return array.Items.Select(item => new ConfigValue(LineOf(item), DataOf(item.Value!))).ToList();
            case InlineTableSyntax inline:
                var table = new ConfigTable(LineOf(inline));
                foreach (InlineTableItemSyntax item in inline.Items)
                {
                    Put(table, item.KeyValue!);
                }

                return table;
            default:
                return value;
        }
    }
}
