using Ptnetmap.Linux;
using Spectre.Console;

namespace Ptnetmap.Lab.Reporting;

/// <summary>A table for people. On a terminal it is as wide as that; elsewhere rows are not broken, so that they can be
/// searched.</summary>
public sealed class TextTable
{
    // No row is as wide: a name may have a path in it.
    private const int WidthOfFiles = 10_000;

    private readonly Table _table = new();
    private readonly List<string[]> _rows = [];

    /// <summary>Makes a table with these heads; none: a plain list of names and texts.</summary>
    public TextTable(params string[] heads)
    {
        _table.ShowHeaders = heads.Length > 0;
        _table.Border = heads.Length > 0 ? TableBorder.Simple : TableBorder.None;
        foreach (string head in heads.Length > 0 ? heads : ["", ""])
        {
            _table.AddColumn(new TableColumn(new Text(head)));
        }
    }

    /// <summary>Adds a row.</summary>
    public void Add(params string[] cells) => _rows.Add(cells);

    /// <summary>Writes it.</summary>
    public void Write(TextWriter output)
    {
        foreach (string[] row in _rows)
        {
            _table.AddRow([.. row.Select(cell => new Text(Printable.Line(cell)))]);
        }

        bool terminal = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = AnsiSupport.No,
        });
        if (!terminal)
        {
            console.Profile.Width = WidthOfFiles;
        }

        console.Write(_table);
    }
}
