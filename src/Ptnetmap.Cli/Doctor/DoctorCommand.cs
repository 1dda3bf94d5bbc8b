using System.CommandLine;
using Ptnetmap.Cli.Bench;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Cli.Reports;
using Ptnetmap.Lab.Machine;
using Ptnetmap.Lab.Reporting;
using Ptnetmap.Linux;

namespace Ptnetmap.Cli.Doctor;

/// <summary><c>ptnet doctor</c>.</summary>
internal static class DoctorCommand
{
    private const string Lesson =
        """
        Each line is ok, warn (it works, slower or with less) or fail (it does not work), with its remedy. What is
        looked at is tried where that is possible: a guest is run, memory is sealed, a kick is sent. Lines of single
        features begin with what they are for: who does not want that can leave it.

        Exit code: 0 when ptnet is usable here, 1 when something essential is missing.
        """;

    internal static Command Create()
    {
        Option<string?> json = BenchOptions.JsonOption();
        var command = new TeachingCommand(
            "doctor", "What of this machine helps or hinders, and what to do about it", Lesson) { json };
        command.SetAction(parsed => Run(new JsonTarget(parsed.GetValue(json))));
        return command;
    }

    private static int Run(JsonTarget json)
    {
        Check[] checks = [.. ProcessorChecks.Run(), .. GuestChecks.Run(), .. PortChecks.Run(), .. MemoryChecks.Run(),
            .. LimitChecks.Run()];
        bool usable = Array.TrueForAll(checks, check => check.Status != CheckStatus.Fail);
        var table = new TextTable("", "what", "found");
        foreach (Check check in checks)
        {
            table.Add(check.Status.ToString().ToLowerInvariant(), check.Name, check.Finding);
            if (check.Remedy is { } remedy)
            {
                // A row of its own: a cell is one line.
                table.Add("", "", $"-> {remedy}");
            }
        }

        table.Write(json.People);
        json.People.WriteLine(Verdict(checks, usable));
        var report = new DoctorReport(usable, BenchRunner.Version, MachineInfo.Build, MachineInfo.Read(), checks);
        json.Write(report, CommandJson.Plain.DoctorReport);
        return usable ? ExitCode.Success : ExitCode.Failure;
    }

    private static string Verdict(Check[] checks, bool usable)
    {
        int warnings = checks.Count(check => check.Status == CheckStatus.Warn);
        return !usable ? "Not usable: see what failed."
            : warnings == 0 ? "Usable, and nothing to improve."
            : $"Usable; {Quantity.Of(warnings, "thing")} could be better.";
    }
}
