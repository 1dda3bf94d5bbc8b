using System.CommandLine;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Lab.Beds;
using Ptnetmap.Lab.Demo;
using Ptnetmap.Lab.Guests;
using Ptnetmap.Lab.LinuxGuests;
using Ptnetmap.Lab.Measuring;
using Ptnetmap.Lab.Reporting;
using Ptnetmap.Linux;

namespace Ptnetmap.Cli.Bench;

/// <summary><c>ptnet demo</c>.</summary>
internal static class DemoCommand
{
    private const string Lesson =
        """
        Boots two very small virtual machines and passes a netmap port through to each: they write and read the port's
        rings and buffers directly, without a virtual network card. First they are strangers, then partners, then they
        have nothing to do. Without a usable /dev/kvm, threads play the guests, over the same rings.

        Examples:
          ptnet demo
          ptnet demo --seconds 2 --guests thread
          ptnet demo --json demo.json
          ptnet demo --guests qemu         two Linux VMs under an unmodified QEMU, with 'ptnet guest pkt-gen' in them

        With --guests qemu each scenario boots two Linux VMs: on KVM where that runs a kernel natively, else emulated (TCG),
        which is slow. QEMU 10.1 or later, a kernel and an initramfs are taken from where eng/fetch-qemu, eng/fetch-kernel
        and eng/make-initramfs leave them; in the sources those are run when something is missing.
        """;

    private const double UsualSeconds = 5;

    internal static Command Create()
    {
        var options = new BenchOptions(linux: true);
        options.Seconds.Description = "How long each of the two scenarios is shown.";
        options.Seconds.DefaultValueFactory = _ => UsualSeconds;
        var command = new TeachingCommand(
            "demo", "Two guests exchange packets, as strangers and as partners (15 s)", Lesson)
        {
            options.Seconds, options.Guests, options.Json,
        };
        command.SetAction(parsed => Run(options, parsed));
        return options.Linux.AddTo(command);
    }

    private static int Run(BenchOptions options, ParseResult parsed)
    {
        JsonTarget json = options.ReadJson(parsed);
        TextWriter people = json.People;
        GuestKind kind = GuestChoice.Resolve(parsed.GetValue(options.Guests)!, out string? reason);
        var settings = new BedSettings { Guests = kind, Verify = kind == GuestKind.Qemu };
        var reports = new List<BenchReport>();
        using var stop = new StopSignal();
        try
        {
            using LinuxBoot? boot = options.ReadBoot(parsed, settings, stop.Token);
            settings = settings with { Linux = boot };
            DemoText.Introduce(settings, reason, people);
            Show(settings, parsed.GetValue(options.Seconds), json, stop, reports);
        }
        catch (OperationCanceledException) when (stop.IsRequested)
        {
            // While machines booted: nothing was measured of them.
        }

        people.WriteLine();
        DemoText.Write(reports, people);
        if (stop.IsRequested)
        {
            people.WriteLine(reports.Count > 0
                ? "Stopped before the end: these are the figures so far."
                : BenchAction.NothingMeasured);
        }

        json.Write(new BenchSeries("demo", reports), ReportJson.Plain.BenchSeries);
        return stop.IsRequested ? ExitCode.Interrupted : reports.Max(BenchAction.ExitCodeOf);
    }

    // Linux VMs are not shown idle: each scenario boots two.
    private static void Show(BedSettings settings, double seconds, JsonTarget json, StopSignal stop,
        List<BenchReport> reports)
    {
        string guest = settings.Guests == GuestKind.Thread ? "guest thread" : "VM";
        foreach (Scenario scenario in Scenario.All(settings, guest, seconds)
            .Where(scenario => settings.Linux is null || scenario.Lay != Layouts.Idle)
            .TakeWhile(_ => !stop.IsRequested))
        {
            json.People.WriteLine();
            json.People.WriteLine(scenario.Story);
            json.People.Flush();
            reports.Add(Play(scenario, json, stop));
        }
    }

    private static BenchReport Play(Scenario scenario, JsonTarget json, StopSignal stop)
    {
        bool inPlace = !(json.OwnsStandardOutput ? Console.IsErrorRedirected : Console.IsOutputRedirected);
        using Stream screen =
            json.OwnsStandardOutput ? StandardDescriptors.OpenError() : StandardDescriptors.OpenOutput();
        bool silent = scenario.Lay == Layouts.Idle;
        var runner = new BenchRunner(scenario.Name, scenario.Settings, RunTimes.Of(scenario.Seconds), runs: 1, stop)
        {
            Live = silent ? null : new LiveLine(screen, inPlace),
        };
        BenchReport report = runner.Run(scenario.Lay);
        json.People.WriteLine(silent
            ? $"   {report.CpuPercent:F2} % of a core, {report.WakeUpsPerS:F1} wake-ups a second"
            : $"   in all   {report.Mpps,8:F2} Mpps  {report.Gbps,7:F2} Gbit/s  {report.CpuCores,5:F2} cores");
        return report;
    }
}
