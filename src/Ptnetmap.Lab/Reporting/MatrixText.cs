using Ptnetmap.Linux;

namespace Ptnetmap.Lab.Reporting;

/// <summary>A matrix for people.</summary>
public static class MatrixText
{
    /// <summary>One line of a cell that is done.</summary>
    public static string CellLine(int number, int count, MatrixCell cell) =>
        $"matrix: {number} of {count}: {cell.Title}: {OutcomeOf(cell)}";

    /// <summary>The whole: a row for each shape, way and kind of guests, a column for each frame.</summary>
    public static void Write(MatrixReport report, TextWriter output)
    {
        int[] frames = [.. report.Cells.Select(cell => cell.Frame).Distinct()];
        var table = new TextTable(["guests", "ways", "shape", .. frames.Select(frame => $"{frame} B")]);
        foreach (IGrouping<(string, bool, string), MatrixCell> row in
            report.Cells.GroupBy(cell => (cell.Guests, cell.BothWays, cell.Shape)))
        {
            (string guests, bool bothWays, string shape) = row.Key;
            table.Add([guests, MatrixCell.WayOf(bothWays), shape, .. frames.Select(frame => RateOf(row, frame))]);
        }

        table.Write(output);
        output.WriteLine("Millions of frames a second that were received (both ways: the sum), " +
            $"{RunsOf(report)}, burst {report.Burst}.");
        WriteNotes(report.Cells, output);
        output.WriteLine(BenchText.MachineOf(report.Machine, report.Build));
        if (report.Interrupted)
        {
            output.WriteLine("Stopped before the end: these are the cells that were done.");
        }
    }

    /// <summary>Of what the rates are.</summary>
    internal static string RunsOf(MatrixReport report) =>
        $"{(report.Runs > 1 ? "median of " : "")}{Quantity.Of(report.Runs, "run")} of {report.Seconds} s";

    private static void WriteNotes(IReadOnlyList<MatrixCell> cells, TextWriter output)
    {
        if (cells.Any(cell => cell.IsLossy))
        {
            output.WriteLine("*: more than 0.1 % of the frames sent were lost, as --json tells by reason.");
        }

        foreach (IGrouping<(string Guests, bool, string), MatrixCell> cause in cells
            .Where(cell => cell.Reason is not null)
            .GroupBy(cell => (cell.Guests, cell.Failed, cell.Reason!)))
        {
            output.WriteLine($"-: {Quantity.Of(cause.Count(), "cell")} with {cause.Key.Guests} guests: " +
                OutcomeOf(cause.First()));
        }
    }

    private static string OutcomeOf(MatrixCell cell) => cell.Report is { } report
        ? $"{report.Mpps:F2} Mpps ({report.MppsMin:F2} to {report.MppsMax:F2}), {report.CpuCores:F2} cores" +
            (report is { Lost: > 0, Sent: > 0 } ? $", {100.0 * report.Lost / report.Sent:F2} % lost" : "")
        : $"{(cell.Failed ? "failed" : "not run")}: {cell.Reason}";

    // Empty: a signal came before its turn.
    private static string RateOf(IEnumerable<MatrixCell> row, int frame) =>
        row.FirstOrDefault(cell => cell.Frame == frame) is not { } cell ? ""
            : cell.Report is { } report ? $"{report.Mpps:F2}{(cell.IsLossy ? "*" : "")}"
            : "-";
}
