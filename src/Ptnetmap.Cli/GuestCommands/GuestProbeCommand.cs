using System.CommandLine;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Cli.Reports;
using Ptnetmap.Client;
using Ptnetmap.Lab.Reporting;
using Ptnetmap.PciGuest;
using Ptnetmap.Traffic;

namespace Ptnetmap.Cli.GuestCommands;

/// <summary><c>ptnet guest probe</c>.</summary>
internal static class GuestProbeCommand
{
    private const int FrameLength = 60;

    private const string Lesson =
        """
        Measures what goes beside the packets: reading a register, a kick, and the way from a kick to the interrupt that
        answers it. It sends frames (60 bytes, to the broadcast address) from one ring, one at a time; the other end of
        a pipe has to take them.
        """;

    internal static Command Create(GuestOptions options, PciCarrier pci)
    {
        Option<long> count = Choice.Whole("--count", "N", "How many of each.", 1, 1_000_000, 1000);
        var command = new TeachingCommand("probe", "Measure register reads, kicks and interrupts of a port", Lesson)
        {
            options.Port, count,
        };
        foreach (Option option in (Option[])[.. pci.Options, options.Json])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
            Run(options, pci, parsed, parsed.GetValue(options.Port)!, (int)parsed.GetValue(count)));
        return command;
    }

    private static int Run(GuestOptions options, PciCarrier pci, ParseResult parsed, string which, int count)
    {
        using GuestBus bus = pci.OpenBus(parsed);
        using PciChannel channel = bus.Open(which, pci.ReadChannel(parsed));
        var probe = new PortProbe(channel, NetmapPort.Open(channel));
        probe.MeasureReads(count);
        probe.MeasureKicks(count);
        bool answered = probe.MeasureRoundTrips(
            count, new FrameTemplate(FrameLength, MacAddress.Broadcast, channel.Port.Mac));
        var report = new GuestProbeReport(
            channel.Port.Address, channel.Port.IoPorts
                ? "io"
                : "memory", channel.Interrupts.ToString().ToLowerInvariant(),
            channel.UsesCsbBar ? "bar" : "memory", LatencySummary.Of(probe.Reads), LatencySummary.Of(probe.Kicks),
            probe.SustainedKick / 1000, LatencySummary.Of(probe.RoundTrips));
        var json = new JsonTarget(parsed.GetValue(options.Json));
        Write(report, answered, json.People);
        json.Write(report, CommandJson.Line.GuestProbeReport);
        return answered ? ExitCode.Success : ExitCode.Failure;
    }

    private static void Write(GuestProbeReport report, bool answered, TextWriter output)
    {
        output.WriteLine($"{report.Pci}: registers {report.Bar0}, interrupts {report.Interrupts}, CSB {report.Csb}");
        var table = new TextTable("us", "p50", "p99", "max");
        Add(table, "register read", report.RegisterReadUs);
        Add(table, "kick", report.KickUs);
        Add(table, "kick to interrupt", report.KickToInterruptUs);
        table.Write(output);
        output.WriteLine($"kicks without a pause: {report.SustainedKickUs:F1} us each");
        if (!answered)
        {
            output.WriteLine("an interrupt did not come within a second: does the other end take frames?");
        }
    }

    private static void Add(TextTable table, string what, LatencySummary? times)
    {
        if (times is not null)
        {
            table.Add(what, $"{times.P50:F1}", $"{times.P99:F1}", $"{times.Max:F1}");
        }
    }
}
