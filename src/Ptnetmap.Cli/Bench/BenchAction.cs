using System.CommandLine;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Lab.Beds;
using Ptnetmap.Lab.LinuxGuests;
using Ptnetmap.Lab.Measuring;
using Ptnetmap.Lab.Reporting;
using Ptnetmap.Lab.Yardsticks;

namespace Ptnetmap.Cli.Bench;

/// <summary>What all measurements do once their settings are read.</summary>
internal static class BenchAction
{
    /// <summary>What there is to say when a signal came too early.</summary>
    internal const string NothingMeasured = "Stopped before there was anything to measure.";

    /// <summary>Measures as the options say, and reports.</summary>
    internal static int Run(string bench, BenchOptions options, ParseResult parsed, Func<BedSettings, Testbed> lay) =>
        Run(bench, options.ReadSettings(parsed), options, parsed, lay);

    /// <summary>Measures with these settings, and reports.</summary>
    internal static int Run(
        string bench, BedSettings settings, BenchOptions options, ParseResult parsed, Func<BedSettings, Testbed> lay,
        Yardstick? against = null)
    {
        JsonTarget json = options.ReadJson(parsed);
        using var stop = new StopSignal();
        try
        {
            using LinuxBoot? boot = options.ReadBoot(parsed, settings, stop.Token);
            BenchReport report = Measure(bench, settings with { Linux = boot }, options, parsed, lay, stop,
                against);
            BenchText.Write(report, json.People);
            json.Write(report, ReportJson.Plain.BenchReport);
            return ExitCodeOf(report);
        }
        catch (OperationCanceledException) when (stop.IsRequested)
        {
            json.People.WriteLine(NothingMeasured);
            return ExitCode.Interrupted;
        }
    }

    /// <summary>Measures, with a line for each run.</summary>
    internal static BenchReport Measure(
        string bench, BedSettings settings, BenchOptions options, ParseResult parsed, Func<BedSettings, Testbed> lay,
        StopSignal stop, Yardstick? against = null)
    {
        int runs = options.ReadRuns(parsed);
        TextWriter people = options.ReadJson(parsed).People;
        var runner = new BenchRunner(bench, settings, options.ReadTimes(parsed), runs, stop)
        {
            Live = options.ReadScrape(parsed) is > 0 and var scrape ? new CounterScrape(scrape) : null,
            RunDone = (number, metrics) =>
            {
                people.WriteLine(BenchText.RunLine(bench, number, runs, metrics));
                if (against is not null)
                {
                    people.WriteLine(BenchText.AgainstLine(bench, against.Name, against.Measure()));
                }
            },
        };
        BenchReport report = runner.Run(lay);
        return against?.Median is { } times && report.LatencyUs is { } ours
            ? report with { Against = new AgainstReport(against.Name, times, ours.P50 / times.P50) }
            : report;
    }

    /// <summary>A pipe that lost something is a failure, whatever its rate, and so is a frame that is in no
    /// counter.</summary>
    internal static int ExitCodeOf(BenchReport report)
    {
        bool mayLose = !string.Equals(report.Via, "pipe", StringComparison.Ordinal);
        bool wrong = report.Duplicated > 0 || report.Reordered > 0 || report.Damaged > 0
            || (report.Lost > 0 && !mayLose);
        wrong |= report.Unaccounted is not (null or 0);
        return report.Interrupted ? ExitCode.Interrupted : wrong ? ExitCode.Failure : ExitCode.Success;
    }
}
