using System.CommandLine;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Lab.Beds;
using Ptnetmap.Lab.Reporting;
using Ptnetmap.Passthrough;
using Ptnetmap.Traffic;

namespace Ptnetmap.Cli.Bench;

/// <summary><c>ptnet bench latency</c>.</summary>
internal static class LatencyCommand
{
    private const string Lesson =
        """
        A sender that sends --rate packets a second, and puts the time into each; the receiver records how old it is.
        Under each policy: how long a packet takes, and what the host's workers use of a core for it. At such rates
        everybody sleeps between two packets, so sleeping policies pay with latency and spinning ones with CPU.

        Examples:
          ptnet bench latency
          ptnet bench latency --rate 100k --policy spin --guests thread
        """;

    private const string AllPolicies = "all";
    private const long DefaultRate = 10_000;

    internal static Command Create()
    {
        var options = new BenchOptions();
        Option<long> rate = Choice.Whole("--rate", "PPS", "Packets a second.", 1, 10_000_000, DefaultRate);
        Option<long> patience = BenchOptions.PatienceOption(0);
        Option<string> policy = Choice.Word(
            "--policy", "What a host loop does when its ring is dry.", AllPolicies,
            [AllPolicies, .. NotificationPolicy.All.Select(one => one.Name)]);
        var command = new TeachingCommand("latency", "One-way times at a given rate, under each policy", Lesson)
        {
            rate, policy, options.Via, options.Guests, options.Frame, options.Slots, options.Seconds, options.Runs,
            options.GuestSpin, patience, options.Workers, options.Pin, options.HugePages, options.Json,
        };
        command.SetAction(parsed =>
        {
            BedSettings settings = options.ReadSettings(parsed) with
            {
                Rate = parsed.GetValue(rate),
                Latency = true,
                GuestPatience = TimeSpan.FromMicroseconds(parsed.GetValue(patience)),
            };
            string word = parsed.GetValue(policy)!;
            IReadOnlyList<NotificationPolicy> policies = string.Equals(word, AllPolicies, StringComparison.Ordinal)
                ? NotificationPolicy.All
                : [NotificationPolicy.Parse(word)];
            return Run(settings, policies, options, parsed);
        });
        return command;
    }

    private static int Run(
        BedSettings settings, IReadOnlyList<NotificationPolicy> policies, BenchOptions options, ParseResult parsed)
    {
        JsonTarget json = options.ReadJson(parsed);
        using var stop = new StopSignal();
        var reports = new List<BenchReport>();
        foreach (NotificationPolicy policy in policies)
        {
            if (!stop.IsRequested)
            {
                reports.Add(BenchAction.Measure("latency", settings with { Policy = policy }, options, parsed,
                    Layouts.Pairs, stop));
            }
        }

        var table = new TextTable("policy", "p50 us", "p90 us", "p99 us", "p99.9 us", "max us", "host cores",
            "all cores", "wake-ups/s", "lost");
        foreach (BenchReport report in reports)
        {
            LatencySummary? times = report.LatencyUs;
            table.Add(
                report.Policy, $"{times?.P50:F1}", $"{times?.P90:F1}", $"{times?.P99:F1}", $"{times?.P999:F1}",
                $"{times?.Max:F1}",
                $"{report.HostCpuCores:F3}", $"{report.CpuCores:F3}", $"{report.WakeUpsPerS:F0}", $"{report.Lost}");
        }

        table.Write(json.People);
        json.Write(new BenchSeries("latency", reports), ReportJson.Plain.BenchSeries);
        return reports.Max(BenchAction.ExitCodeOf);
    }
}
