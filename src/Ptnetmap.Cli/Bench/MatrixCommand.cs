using System.CommandLine;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Lab.Beds;
using Ptnetmap.Lab.Guests;
using Ptnetmap.Lab.Reporting;

namespace Ptnetmap.Cli.Bench;

/// <summary><c>ptnet bench matrix</c>.</summary>
internal sealed class MatrixCommand
{
    private const string Lesson =
        """
        Every combination of --shapes, --frames, --ways and --guests, each as 'ptnet bench v2v' and 'ptnet bench chain' have it
        with its defaults. A cell takes --runs times --seconds and 0.5 s more; all 112 take some ten minutes. Ctrl-C prints
        what is done by then. Cells that cannot run here (VMs without /dev/kvm) are shown with the reason.

        Shapes: pipe (partners, zero copy), vale (strangers over a switch, copies), chain-1 to chain-5 (so many forwarders
        between sender and receiver, connected by pipes). Both ways: both ends send and receive, and the rate is the sum.
        *: more than 0.1 % of the frames sent were lost; a pipe loses none, a switch drops for a receiver that is too slow.

        Examples:
          ptnet bench matrix                                              all, as a table
          ptnet bench matrix --json matrix.json --svg matrix.svg          and as a picture
          ptnet bench matrix --shapes pipe,vale --frames 60,1500 --guests thread --runs 1
        """;

    private const double UsualSeconds = 1;

    private readonly BenchOptions _options = new();
    private readonly MatrixOptions _matrix = new();
    private readonly Option<string?> _svg = SvgOption();

    private MatrixCommand() => _options.Seconds.DefaultValueFactory = _ => UsualSeconds;

    internal static Command Create()
    {
        var matrix = new MatrixCommand();
        BenchOptions options = matrix._options;
        var command = new TeachingCommand(
            "matrix", "Packets a second of each shape, frame size, way and kind of guests", Lesson)
        {
            options.Slots, options.Burst, options.Seconds, options.Runs, options.Policy, options.GuestSpin,
            options.Workers, options.HugePages, options.Json, matrix._svg,
        };
        command.SetAction(matrix.Run);
        return matrix._matrix.AddTo(command);
    }

    private int Run(ParseResult parsed)
    {
        JsonTarget json = _options.ReadJson(parsed);
        MatrixPlan plan = _matrix.Read(parsed);
        using var stop = new StopSignal();
        MatrixReport report = Measure(plan, parsed, stop);
        if (report.Cells.Count == 0)
        {
            json.People.WriteLine(BenchAction.NothingMeasured);
            return ExitCode.Interrupted;
        }

        MatrixText.Write(report, json.People);
        json.Write(report, ReportJson.Plain.MatrixReport);
        if (parsed.GetValue(_svg) is { } picture)
        {
            File.WriteAllText(picture, MatrixPlot.Svg(report));
        }

        return ExitCodeOf(report);
    }

    // The lines go to standard error: what is on standard output is the table.
    private MatrixReport Measure(MatrixPlan plan, ParseResult parsed, StopSignal stop)
    {
        BedSettings settings = _options.ReadSettings(parsed);
        var runner = new MatrixRunner(
            plan, settings, _options.ReadTimes(parsed), _options.ReadRuns(parsed), stop)
        {
            WhyNot = kind => kind == GuestKind.Vm ? GuestChoice.WhyNoVms() : null,
            CellDone = (number, cell) => Console.Error.WriteLine(MatrixText.CellLine(number, plan.Count, cell)),
        };
        return runner.Run();
    }

    // A file that cannot be written is found out before ten minutes of measuring.
    private static Option<string?> SvgOption()
    {
        var option = new Option<string?>("--svg") { Description = "Draw the rates into a file.", HelpName = "FILE" };
        option.Validators.Add(result =>
        {
            var file = new JsonTarget(result.GetValueOrDefault<string?>());
            if ((file.OwnsStandardOutput ? "expected a file" : file.Refusal()) is { } refusal)
            {
                result.AddError($"--svg: {refusal}");
            }
        });
        return option;
    }

    private static int ExitCodeOf(MatrixReport report)
    {
        bool wrong = report.Cells.Any(cell => cell.Failed)
            || report.Cells.All(cell => cell.Report is null)
            || report.Cells.Any(cell =>
                cell.Report is { } own && BenchAction.ExitCodeOf(own) == ExitCode.Failure);
        return report.Interrupted ? ExitCode.Interrupted : wrong ? ExitCode.Failure : ExitCode.Success;
    }
}
