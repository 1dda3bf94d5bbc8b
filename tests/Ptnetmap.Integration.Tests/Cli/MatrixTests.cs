using System.CommandLine;
using System.Text.Json;
using Ptnetmap.Cli.Bench;
using Ptnetmap.Lab.Beds;
using Ptnetmap.Lab.Guests;
using Ptnetmap.Lab.Measuring;
using Ptnetmap.Lab.Reporting;

namespace Ptnetmap.Integration.Tests.Cli;

/// <summary><c>ptnet bench matrix</c>: its cells, and what it prints of them.</summary>
public sealed class MatrixTests
{
    private static readonly MatrixPlan TwoCells =
        new([MatrixShape.Of("pipe")], [60, 1500], [false], [GuestKind.Thread]);

    [Fact]
    public async Task Two_cells_are_a_table_for_people_and_JSON_for_programs()
    {
        PtnetResult result = await PtnetProcess.Run(
            "bench", "matrix", "--shapes", "pipe", "--frames", "60,1500", "--ways", "both", "--guests", "thread",
            "--slots", "1024", "--seconds", "0.1", "--runs", "1", "--json", "-");

        Assert.Equal(0, result.Code);
        using JsonDocument json = JsonDocument.Parse(result.Output);
        JsonElement report = json.RootElement;
        Assert.Equal("matrix", report.GetProperty("bench").GetString());
        Assert.Equal((1, 256), (report.GetProperty("runs").GetInt32(), report.GetProperty("burst").GetInt32()));
        Assert.True(report.GetProperty("machine").GetProperty("cores").GetInt32() > 0);
        Assert.True(report.GetProperty("date").GetDateTimeOffset() > DateTimeOffset.UnixEpoch);
        JsonElement[] cells = [.. report.GetProperty("cells").EnumerateArray()];
        Assert.Equal([60, 1500], cells.Select(cell => cell.GetProperty("frame").GetInt32()));
        foreach (JsonElement cell in cells)
        {
            Assert.Equal(("pipe", "thread"), (cell.GetProperty("shape").GetString()!,
                cell.GetProperty("guests").GetString()!));
            Assert.True(cell.GetProperty("both_ways").GetBoolean());
            JsonElement figures = cell.GetProperty("report");
            Assert.Equal(cell.GetProperty("frame").GetInt32(), figures.GetProperty("frame").GetInt32());
            Assert.True(figures.GetProperty("both_ways").GetBoolean());
            Assert.True(figures.GetProperty("received").GetInt64() > 0);
            Assert.Equal(0, figures.GetProperty("lost").GetInt64());
        }

        // Progress, then the table.
        Assert.Contains("matrix: 2 of 2: pipe, 1500 B, both ways, thread guests: ", result.Errors,
            StringComparison.Ordinal);
        Assert.Matches(@"thread +both ways +pipe +\d+\.\d\d +\d+\.\d\d", result.Errors);
    }

    [Theory]
    [InlineData(112, "")]
    [InlineData(16, "--shapes vale")]
    [InlineData(12, "--shapes chain-5,vale,pipe,vale --frames 60,1500,60 --ways both")]
    [InlineData(28, "--guests thread --ways one")]
    public void A_plan_has_every_combination_once(int cells, string options)
    {
        var matrix = new MatrixOptions();
        Command command = matrix.AddTo(new Command("matrix"));

        MatrixPlan plan = matrix.Read(command.Parse(options));

        Assert.Equal(cells, plan.Count);
        Assert.Equal(cells, plan.Guests.Count * plan.Cells.Distinct().Count());
    }

    [Fact]
    public void A_stopped_matrix_has_the_cells_that_were_done()
    {
        using var stop = new StopRequest();

        MatrixReport report = Runner(TwoCells, stop, (_, _) => stop.Request()).Run();

        Assert.True(report.Interrupted);
        Assert.Equal(60, Assert.Single(report.Cells).Frame);
        Assert.Contains("Stopped before the end", TextOf(report), StringComparison.Ordinal);
    }

    [Fact]
    public void Cells_whose_guests_cannot_be_had_say_why()
    {
        using var stop = new StopRequest();

        MatrixReport report = Runner(TwoCells, stop, whyNot: "no such machine").Run();

        Assert.Equal(2, report.Cells.Count);
        Assert.All(report.Cells, cell => Assert.Equal(
            (null, "no such machine", false), (cell.Report, cell.Reason, cell.Failed)));
        Assert.Matches(@"thread +one way +pipe +- +- *\n", TextOf(report));
        Assert.Contains("2 cells with thread guests: not run: no such machine", TextOf(report),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_cell_that_asks_for_too_much_does_not_end_the_others()
    {
        using var stop = new StopRequest();
        var settings = new BedSettings { Pairs = 64, Rings = 16, SlotsWanted = 16384 };
        var plan = new MatrixPlan([MatrixShape.Of("pipe")], [9000, 9001], [false], [GuestKind.Thread]);

        MatrixReport report = Runner(plan, stop, settings: settings).Run();

        Assert.Equal([true, true], report.Cells.Select(cell => cell.Failed));
        Assert.Contains("--slots", report.Cells[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chain_carries_frames_both_ways()
    {
        using var stop = new StopRequest();
        var settings = new BedSettings { SlotsWanted = 1024, Packets = 20_000 };
        var plan = new MatrixPlan([MatrixShape.Of("chain-2")], [60], [true], [GuestKind.Thread]);

        MatrixReport report = Runner(plan, stop, settings: settings).Run();

        BenchReport figures = Assert.Single(report.Cells).Report!;
        Assert.Equal((20_000L, 20_000L, 0L), (figures.Sent, figures.Received, figures.Lost));
    }

    [Fact]
    public void The_table_marks_what_lost_frames()
    {
        string text = TextOf(MatrixReports.Of(
            MatrixReports.Cell("pipe", "vm", false, 60, 150.125),
            MatrixReports.Cell("vale", "vm", false, 60, 30.5, lost: 2000),
            MatrixReports.Cell("vale", "vm", false, 1500, 7.25, lost: 1)));

        Assert.Matches(@"guests +ways +shape +60 B +1500 B", text);
        Assert.Matches(@"vm +one way +pipe +150\.1[23] *\n", text);
        Assert.Matches(@"vm +one way +vale +30\.50\* +7\.25 *\n", text);
        Assert.Contains("*: more than 0.1 %", text, StringComparison.Ordinal);
        Assert.Contains("6.1.0-test", text, StringComparison.Ordinal);
    }

    private static MatrixRunner Runner(
        MatrixPlan plan, StopRequest stop, Action<int, MatrixCell>? done = null, string? whyNot = null,
        BedSettings? settings = null) =>
        new(plan, settings ?? new BedSettings { SlotsWanted = 1024 }, RunTimes.Of(0.05), 1, stop)
        {
            WhyNot = _ => whyNot,
            CellDone = done,
        };

    private static string TextOf(MatrixReport report)
    {
        using var text = new StringWriter();
        MatrixText.Write(report, text);
        return text.ToString();
    }
}
