using System.CommandLine;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Cli.Reports;
using Ptnetmap.Client;
using Ptnetmap.Lab.LinuxGuests;
using Ptnetmap.Lab.Reporting;
using Ptnetmap.Linux;
using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Cli.GuestCommands;

/// <summary>Reports of programs inside a virtual machine.</summary>
internal static class GuestReporting
{
    internal static GuestRunReport Report(string program, PortFacts facts, GuestRun run,
        GuestCounters counters) => new()
        {
            Program = program,
            Port = facts.Address,
            Interrupts = facts.Interrupts,
            Csb = facts.Csb,
            Seconds = run.Seconds,
            Packets = counters.Packets,
            Bytes = counters.Bytes,
            Batches = counters.Batches,
            Kicks = counters.Kicks,
            KicksSuppressed = counters.KicksSuppressed,
            Sleeps = counters.Sleeps,
            Lost = counters.Lost,
            Duplicated = counters.Duplicated,
            Reordered = counters.Reordered,
            Damaged = counters.Damaged,
            BadSlots = counters.BadSlots,
            Interrupted = run.Interrupted,
        };

    internal static GuestCounters Sum(IEnumerable<GuestProgram> programs)
    {
        var sum = default(GuestCounters);
        foreach (GuestProgram program in programs)
        {
            sum.Add(program.Counters);
        }

        return sum;
    }

    internal static void Write(GuestRunReport report, Option<string?> option, ParseResult parsed)
    {
        var json = new JsonTarget(parsed.GetValue(option));
        json.People.WriteLine(
            $"{report.Program} on {report.Port}: " +
            $"{Quantity.Of(report.Packets, "packet")} in {report.Seconds:F2} s, {report.Mpps:F3} Mpps, " +
            $"{Quantity.Of(report.Kicks, "kick")}, " +
            $"{Quantity.Of(report.Sleeps, "sleep")}, interrupts: {report.Interrupts}, CSB: {report.Csb}");
        string wrong = string.Join(
            ", ",
            ((string Name, long Count)[])
            [
                ("lost", report.Lost), ("duplicated", report.Duplicated), ("reordered", report.Reordered),
                ("damaged", report.Damaged), ("bad slots", report.BadSlots), ("refused", report.Refused),
                ("not taken by the host", report.Unsent),
            ]
            is var all ? all.Where(one => one.Count != 0).Select(one => $"{one.Count} {one.Name}") : []);
        if (wrong.Length > 0)
        {
            json.People.WriteLine(wrong);
        }

        if (report.RoundTripUs is { } times)
        {
            json.People.WriteLine($"round trips: p50 {times.P50:F1}, p99 {times.P99:F1}, max {times.Max:F1} us");
        }

        json.Write(report, CommandJson.Line.GuestRunReport);
    }

    /// <summary>What a program's report ends with.</summary>
    internal static int ExitCodeOf(GuestRunReport report)
    {
        bool wrong =
            report.Lost + report.Duplicated + report.Reordered + report.Damaged + report.BadSlots + report.Unsent > 0;
        return wrong ? ExitCode.Failure : report.Interrupted ? ExitCode.Interrupted : ExitCode.Success;
    }
}
