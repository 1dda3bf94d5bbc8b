using System.Xml.Linq;
using Ptnetmap.Lab.Reporting;

namespace Ptnetmap.Integration.Tests.Cli;

/// <summary>The picture of a matrix.</summary>
public sealed class MatrixPlotTests
{
    private const string White = "fill:rgb(255,255,255)";

    private static readonly string[] Panels =
        ["micro-VMs, one way", "micro-VMs, both ways", "threads, one way", "threads, both ways"];

    private static readonly MatrixReport Few = MatrixReports.Of(
        MatrixReports.Cell("pipe", "thread", false, 60, 151.4),
        MatrixReports.Cell("vale", "thread", false, 60, 30.2, lost: 5000),
        MatrixReports.Cell("vale", "thread", false, 1500, 7.31));

    [Fact]
    public void It_names_the_machine_the_shapes_the_frames_and_the_panels()
    {
        string[] texts = TextsOf(MatrixPlot.Svg(MatrixReports.Full()));

        Assert.All(
            [.. MatrixShape.All.Select(shape => shape.Title), "60 B", "256 B", "1024 B", "1500 B", .. Panels],
            text => Assert.Single(texts, text));
        Assert.Equal(4, texts.Count(text => text is "Mpps"));
        Assert.Single(texts, "Some <fast> CPU & more, 2 cores, Linux 6.1.0-test, native build, 2026-11-30");
        Assert.Single(texts, text => text.Contains("3 runs of 1 s", StringComparison.Ordinal)
            && text.Contains("batches of up to 256", StringComparison.Ordinal));
    }

    [Fact]
    public void It_has_a_bar_for_each_cell_and_its_figure_above()
    {
        XElement[] bars = BarsOf(MatrixPlot.Svg(MatrixReports.Full()));
        Assert.Equal(112, bars.Length);
        Assert.Equal(4, bars.Select(ColorOf).Distinct().Count());

        string svg = MatrixPlot.Svg(Few);
        bars = BarsOf(svg);
        double[] heights = [.. bars.Select(bar => (double)bar.Attribute("height")!)];
        Assert.Equal(3, heights.Length);
        Assert.Equal(151.4 / 7.31, heights.Max() / heights.Min(), 0.5);
        Assert.All(["151", "30*", "7.3"], text => Assert.Single(TextsOf(svg), text));
        Assert.Contains(TextsOf(svg), text => text.Contains("*: over 0.1 %", StringComparison.Ordinal));
    }

    [Fact]
    public void Cells_that_were_not_run_say_why_and_have_no_bar()
    {
        string svg = MatrixPlot.Svg(MatrixReports.Of(
            new MatrixCell("pipe", "vm", false, 60, Reason: "no /dev/kvm: use threads"),
            MatrixReports.Cell("pipe", "thread", false, 60, 150)));

        Assert.Single(BarsOf(svg));
        Assert.Single(TextsOf(svg), "– not run: no /dev/kvm: use threads");
    }

    [Fact]
    public void It_is_a_text_file_of_this_tree_as_it_is()
    {
        string svg = MatrixPlot.Svg(Few);

        Assert.StartsWith("<?xml", svg, StringComparison.Ordinal);
        Assert.EndsWith("</svg>\n", svg, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', svg);
    }

    private static XElement[] BarsOf(string svg)
    {
        // The legend has small squares of the same colours.
        IEnumerable<XElement> rectangles =
            XDocument.Parse(svg).Descendants().Where(part => part.Name.LocalName is "rect");
        IEnumerable<XElement> colored = rectangles.Where(part => ColorOf(part) is not (null or White));
        return [.. colored.Where(part => (double)part.Attribute("width")! != (double)part.Attribute("height")!)];
    }

    private static string? ColorOf(XElement part) => part.Attribute("style")?.Value.Split(';')
        .FirstOrDefault(style => style.StartsWith("fill:rgb", StringComparison.Ordinal));

    private static string[] TextsOf(string svg) =>
        [.. XDocument.Parse(svg).Descendants().Where(part => part.Name.LocalName is "text").Select(part => part.Value)];
}
