using System.Globalization;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace Ptnetmap.Lab.Reporting;

/// <summary>One panel of the picture: the rates of one kind of guests and one way.</summary>
/// <param name="shapes">Names of the groups of bars, from left to right.</param>
/// <param name="frames">Frame sizes, a bar of a group each.</param>
/// <param name="top">The highest rate of all panels: they have one scale.</param>
/// <param name="row">Which panel, from the top.</param>
/// <param name="rows">How many there are.</param>
internal sealed class MatrixPanel(string[] shapes, int[] frames, double top, int row, int rows)
{
    // Room for the figures above the highest bar, and between two panels.
    private const double HeadRoom = 1.22;
    private const double Gap = 0.1;
    private const double GroupWidth = 0.86;
    private const double BarGap = 0.08;

    // Light enough for a white page, dark enough for a printer; the smallest frame is the darkest.
    private static readonly OxyColor Darkest = OxyColor.Parse("#0f4c81");
    private static readonly OxyColor Lightest = OxyColor.Parse("#a9d3ee");

    private readonly string _key = string.Create(CultureInfo.InvariantCulture, $"panel{row}");

    private double Ceiling => Math.Max(top, 0.001) * HeadRoom;

    /// <summary>Adds it to <paramref name="model"/>.</summary>
    internal void AddTo(PlotModel model, IReadOnlyList<MatrixCell> cells)
    {
        model.Axes.Add(new LinearAxis
        {
            Key = _key,
            Position = AxisPosition.Left,
            StartPosition = 1 - ((row + 1.0) / rows),
            EndPosition = 1 - ((row + Gap) / rows),
            Minimum = 0,
            Maximum = Ceiling,
            IntervalLength = 40,
            MajorGridlineStyle = LineStyle.Solid,
            MajorGridlineColor = MatrixPlot.Rule,
            TickStyle = TickStyle.None,
            FontSize = 11,
            Title = "Mpps",
            TitleFontSize = 11,
            TitleColor = MatrixPlot.Faint,
            AxisTitleDistance = 10,
        });
        AddRule(model);
        AddTitle(model, cells[0]);
        for (int bar = 0; bar < frames.Length; bar++)
        {
            AddBars(model, bar, [.. cells.Where(cell => cell.Frame == frames[bar])]);
        }

        AddReasons(model, cells);
    }

    private void AddBars(PlotModel model, int bar, MatrixCell[] cells)
    {
        var series = new RectangleBarSeries
        {
            XAxisKey = MatrixPlot.ShapeAxis,
            YAxisKey = _key,
            FillColor = ColorOf(bar),
            StrokeThickness = 0,
            Title = row == 0 ? string.Create(CultureInfo.InvariantCulture, $"{frames[bar]} B") : null,
            RenderInLegend = row == 0,
        };
        model.Series.Add(series);
        double width = GroupWidth / frames.Length;
        foreach (MatrixCell cell in cells)
        {
            double left = Array.IndexOf(shapes, cell.Shape) - (GroupWidth / 2) + (bar * width);
            double middle = left + (width / 2);
            if (cell.Report is { } report)
            {
                double edge = BarGap * width;
                series.Items.Add(new RectangleBarItem(left + edge, 0, left + width - edge, report.Mpps));
                AddText(model, middle, report.Mpps, LabelOf(cell, report.Mpps), 10.5, MatrixPlot.Ink);
            }
            else
            {
                AddText(model, middle, 0, "–", 10.5, MatrixPlot.Faint);
            }
        }
    }

    // Three digits say all that a median of a busy machine can.
    private static string LabelOf(MatrixCell cell, double mpps) =>
        mpps.ToString(mpps < 9.95 ? "F1" : "F0", CultureInfo.InvariantCulture) + (cell.IsLossy ? "*" : "");

    private OxyColor ColorOf(int bar) => frames.Length == 1
        ? Darkest
        : OxyColor.Interpolate(Darkest, Lightest, (double)bar / (frames.Length - 1));

    private void AddReasons(PlotModel model, IReadOnlyList<MatrixCell> cells)
    {
        string[] reasons = [.. cells.Select(cell => cell.Reason).OfType<string>().Distinct(StringComparer.Ordinal)];
        if (reasons.Length > 0)
        {
            AddText(model, (shapes.Length - 1) / 2.0, Ceiling / 2, $"– not run: {reasons[0]}", 12, MatrixPlot.Faint)
                .Background = OxyColors.White;
        }
    }

    // At the right, where chains leave room; no line of the background goes through it.
    private void AddTitle(PlotModel model, MatrixCell cell)
    {
        string guests = cell.Guests is "vm" ? "micro-VMs" : "threads";
        TextAnnotation title = AddText(
            model, shapes.Length - 0.5, Ceiling, $"{guests}, {MatrixCell.WayOf(cell.BothWays)}", 14, MatrixPlot.Ink);
        title.TextHorizontalAlignment = HorizontalAlignment.Right;
        title.TextVerticalAlignment = VerticalAlignment.Top;
        title.FontWeight = FontWeights.Bold;
        title.Background = OxyColors.White;
    }

    // The bars stand on a line.
    private void AddRule(PlotModel model) => model.Annotations.Add(new LineAnnotation
    {
        Type = LineAnnotationType.Horizontal,
        Y = 0,
        XAxisKey = MatrixPlot.ShapeAxis,
        YAxisKey = _key,
        Color = MatrixPlot.Faint,
        LineStyle = LineStyle.Solid,
        StrokeThickness = 1,
    });

    private TextAnnotation AddText(PlotModel model, double x, double y, string text, double size, OxyColor color)
    {
        var annotation = new TextAnnotation
        {
            XAxisKey = MatrixPlot.ShapeAxis,
            YAxisKey = _key,
            Text = text,
            TextPosition = new DataPoint(x, y),
            TextHorizontalAlignment = HorizontalAlignment.Center,
            TextVerticalAlignment = VerticalAlignment.Bottom,
            Offset = new ScreenVector(0, -2),
            FontSize = size,
            TextColor = color,
            StrokeThickness = 0,
            Padding = new OxyThickness(0),
            ClipByXAxis = false,
            ClipByYAxis = false,
        };
        model.Annotations.Add(annotation);
        return annotation;
    }
}
