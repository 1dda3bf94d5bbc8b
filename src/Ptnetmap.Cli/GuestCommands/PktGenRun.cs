using System.CommandLine;
using Ptnetmap.Client;
using Ptnetmap.Lab.LinuxGuests;
using Ptnetmap.Traffic;
using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Cli.GuestCommands;

/// <summary>A run of <c>ptnet guest pkt-gen</c>.</summary>
internal static class PktGenRun
{
    /// <summary>Opens the port, runs, reports.</summary>
    internal static int Run(PktGenOptions options, ParseResult parsed)
    {
        using IPortSource ports = options.Shared.OpenPorts(parsed);
        using OpenPort open = ports.Open(parsed.GetValue(options.Shared.Port)!);
        NetmapPort port = open.Port;
        string mode = parsed.GetValue(options.Mode)!;
        GuestProgram program = Make(mode, port, open.Facts.Mac, options, parsed);
        using var run = new GuestRun(options.Shared.Stop(), program);
        run.Run(parsed.GetValue(options.Shared.Seconds));
        GuestRunReport report = GuestReporting.Report($"pkt-gen {mode}", open.Facts, run, program.Counters) with
        {
            Unsent = run.Drain(port.TxRings),
            RoundTripUs = program is Ping ping ? LatencySummary.Of(ping.RoundTrips) : null,
        };
        GuestReporting.Write(report, options.Shared.Json, parsed);
        return GuestReporting.ExitCodeOf(report);
    }

    private static GuestProgram Make(
        string mode, NetmapPort port, MacAddress address, PktGenOptions options, ParseResult parsed) => mode switch
        {
            "tx" => new Sender(port, options.ReadTraffic(parsed, address)),
            "rx" => new Receiver(port, options.ReadReceiver(parsed)),
            "ping" => new Ping(port, options.ReadTraffic(parsed, address)),
            _ => new Echo(port),
        };
}
