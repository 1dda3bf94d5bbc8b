using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;

namespace Ptnetmap.Lab.Reporting;

/// <summary>A matrix as a picture: a panel for each kind of guests and way, in it a group of bars for each shape, and
/// in that a bar for each frame size.</summary>
public static class MatrixPlot
{
    private const int Width = 900;
    private const int Head = 132;
    private const int PanelHeight = 158;
    private const int Foot = 34;
    private const string Font = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif";

    /// <summary>Names the only horizontal axis.</summary>
    internal const string ShapeAxis = "shapes";

    /// <summary>Text that is to be read first.</summary>
    internal static readonly OxyColor Ink = OxyColor.Parse("#1b2733");

    /// <summary>Text that is to be read second, and axes.</summary>
    internal static readonly OxyColor Faint = OxyColor.Parse("#5b6875");

    /// <summary>Lines in the background.</summary>
    internal static readonly OxyColor Rule = OxyColor.Parse("#e1e6eb");

    /// <summary>Draws it.</summary>
    /// <returns>SVG, as a file of its own.</returns>
    public static string Svg(MatrixReport report)
    {
        IGrouping<(string, bool), MatrixCell>[] groups =
            [.. report.Cells.GroupBy(cell => (cell.Guests, cell.BothWays))];
        string[] shapes = [.. report.Cells.Select(cell => cell.Shape).Distinct(StringComparer.Ordinal)];
        int[] frames = [.. report.Cells.Select(cell => cell.Frame).Distinct()];
        PlotModel model = Frame(report, shapes);
        double top = report.Cells.Max(cell => cell.Report?.Mpps ?? 0);
        for (int row = 0; row < groups.Length; row++)
        {
            new MatrixPanel(shapes, frames, top, row, groups.Length).AddTo(model, [.. groups[row]]);
        }

        // Some viewers do not know dominant-baseline: texts have their place without it.
        var exporter = new SvgExporter
        {
            Width = Width,
            Height = Head + (groups.Length * PanelHeight) + Foot,
            UseVerticalTextAlignmentWorkaround = true,
            TextMeasurer = new BrowserTextMeasure(),
        };
        return exporter.ExportToString(model).Trim() + "\n";
    }

    private static PlotModel Frame(MatrixReport report, string[] shapes)
    {
        var model = new PlotModel
        {
            Title = "Millions of packets a second from guest to guest",
            TitleFontSize = 19,
            TitleColor = Ink,
            Subtitle = string.Join('\n', SubtitleOf(report)),
            SubtitleFontSize = 12,
            SubtitleColor = Faint,
            TitleHorizontalAlignment = TitleHorizontalAlignment.CenteredWithinPlotArea,
            DefaultFont = Font,
            TextColor = Faint,
            Background = OxyColors.White,
            PlotAreaBorderThickness = new OxyThickness(0),
            Padding = new OxyThickness(12, 12, 16, 8),
        };
        model.Legends.Add(new Legend
        {
            LegendPlacement = LegendPlacement.Outside,
            LegendPosition = LegendPosition.TopCenter,
            LegendOrientation = LegendOrientation.Horizontal,
            LegendFontSize = 12,
            LegendTextColor = Ink,
            LegendBorderThickness = 0,
        });
        model.Axes.Add(new LinearAxis
        {
            Key = ShapeAxis,
            Position = AxisPosition.Bottom,
            Minimum = -0.5,
            Maximum = shapes.Length - 0.5,
            MajorStep = 1,
            MinorStep = 1,
            TickStyle = TickStyle.None,
            FontSize = 13,
            TextColor = Ink,
            LabelFormatter = place => TitleOf(shapes, place),
        });
        return model;
    }

    private static IEnumerable<string> SubtitleOf(MatrixReport report)
    {
        yield return $"{BenchText.MachineOf(report.Machine, report.Build)}, {report.Date:yyyy-MM-dd}";
        string sum = report.Cells.Any(cell => cell.BothWays) ? " · both ways: the sum" : "";
        string lossy = report.Cells.Any(cell => cell.IsLossy) ? " · *: over 0.1 % of the frames were dropped" : "";
        yield return $"{MatrixText.RunsOf(report)} · batches of up to {report.Burst}{sum}{lossy}";
    }

    private static string TitleOf(string[] shapes, double place)
    {
        int index = (int)Math.Round(place);
        return index >= 0 && index < shapes.Length ? MatrixShape.Of(shapes[index]).Title : "";
    }
}
