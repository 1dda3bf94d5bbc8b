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

    private static readonly Option<string> Guests = Choice.Word(
        "--guests", "Micro-VMs on KVM, threads, or Linux under QEMU; auto: micro-VMs where KVM runs them natively.", "auto",
        "auto", "vm", "thread", LinuxGuestSettings.Word);

    /// <summary>Builds the command.</summary>
    internal static Command Create()
    {
        var options = new BenchOptions();
        var linux = new LinuxGuestOptions();
        options.Seconds.Description = "How long each of the two scenarios is shown.";
        options.Seconds.DefaultValueFactory = _ => UsualSeconds;
        var command = new TeachingCommand("demo", "Two guests exchange packets, as strangers and as partners (15 s)", Lesson)
        {
            options.Seconds, Guests, options.Json,
        };
        foreach (Option option in linux.All)
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed => Run(linux, parsed, parsed.GetValue(options.Seconds), options.ReadJson(parsed)));
        return command;
    }

    private static int Run(LinuxGuestOptions linux, ParseResult parsed, double seconds, JsonTarget json)
    {
        string guests = parsed.GetValue(Guests)!;
        using var stop = new StopSignal();
        if (!string.Equals(guests, LinuxGuestSettings.Word, StringComparison.Ordinal))
        {
            linux.RequireNone(parsed);
            return Run(guests, seconds, json, stop);
        }

        using var demo = new LinuxDemo(seconds, json, stop);
        IReadOnlyList<BenchReport> reports = demo.ShowAsync(linux.Read(parsed)).GetAwaiter().GetResult();
        return stop.IsRequested ? ExitCode.Interrupted : reports.Max(BenchAction.ExitCodeOf);
    }

    private static int Run(string guests, double seconds, JsonTarget json, StopSignal stop)
    {
        GuestKind kind = GuestChoice.Resolve(guests, out string? reason);
        TextWriter people = json.People;
        string guest = kind == GuestKind.Vm ? "VM" : "guest thread";
        people.WriteLine(
            "Two guests exchange frames of 60 bytes, as fast as they can, through netmap ports passed through to them.");
        people.WriteLine(kind == GuestKind.Vm
            ? "The guests are very small virtual machines on KVM."
            : $"The guests are threads{(reason is null ? "" : $", for want of VMs: {reason}")}.");
        var settings = new BedSettings { Guests = kind };
        var reports = new List<BenchReport>();
        foreach (Scenario scenario in Scenario.All(settings, guest, seconds))
        {
            if (!stop.IsRequested)
            {
                people.WriteLine();
                people.WriteLine(scenario.Story);
                people.Flush();
                reports.Add(Play(scenario, json, stop));
            }
        }

        people.WriteLine();
        DemoText.Write(reports, people);
        json.Write(new BenchSeries("demo", reports), ReportJson.Plain.BenchSeries);
        return reports.Max(BenchAction.ExitCodeOf);
    }

    private static BenchReport Play(Scenario scenario, JsonTarget json, StopSignal stop)
    {
        bool inPlace = !(json.OwnsStandardOutput ? Console.IsErrorRedirected : Console.IsOutputRedirected);
        using Stream screen = json.OwnsStandardOutput ? StandardDescriptors.OpenError() : StandardDescriptors.OpenOutput();
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
