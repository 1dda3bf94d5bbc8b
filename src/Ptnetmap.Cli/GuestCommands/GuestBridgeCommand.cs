using System.CommandLine;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Client;
using Ptnetmap.Lab.LinuxGuests;
using Ptnetmap.Linux;
using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Cli.GuestCommands;

/// <summary><c>ptnet guest bridge</c>.</summary>
internal static class GuestBridgeCommand
{
    private const string Lesson =
        """
        Passes everything from one port on to the other, both ways. Between ports of one region buffers are swapped
        and no byte is touched; between regions frames are copied. Ring i goes to ring i.
        """;

    internal static Command Create(GuestOptions options)
    {
        var first = new Argument<string>("PORT") { Description = "One port, by number or PCI address." };
        var second = new Argument<string>("PORT2") { Description = "The other." };
        var command = new TeachingCommand("bridge", "Forward between two ports, both ways", Lesson)
        {
            first, second,
        };
        options.AddTo(command);
        command.SetAction(parsed => Run(options, parsed, parsed.GetValue(first)!, parsed.GetValue(second)!));
        return command;
    }

    private static int Run(GuestOptions options, ParseResult parsed, string first, string second)
    {
        using IPortSource ports = options.OpenPorts(parsed);
        using OpenPort left = ports.Open(first);
        using OpenPort right = ports.Open(second);
        GuestProgram[] programs = [.. Forwarders(left.Port, right.Port), .. Forwarders(right.Port, left.Port)];
        using var run = new GuestRun(options.Stop(), programs);
        run.Run(parsed.GetValue(options.Seconds));
        GuestRunReport report = GuestReporting.Report("bridge", left.Facts, run, GuestReporting.Sum(programs)) with
        {
            Port = $"{left.Facts.Address} and {right.Facts.Address}",
            Unsent = run.Drain([.. left.Port.TxRings, .. right.Port.TxRings]),
        };
        GuestReporting.Write(report, options.Json, parsed);
        return GuestReporting.ExitCodeOf(report);
    }

    // A ring without a partner of its number shares another one's sender: with threads of their own that would be two
    // on one ring, so such a ring is refused.
    private static IEnumerable<Forwarder> Forwarders(NetmapPort from, NetmapPort to) =>
        from.RxRings.Count <= to.TxRings.Count
            ? from.RxRings.Select((rx, i) => new Forwarder(rx, to.TxRings[i]))
            : throw new UsageException(
                $"bridge: port {from.Name} has {Quantity.Of(from.RxRings.Count, "rx ring")}, port " +
                $"{to.Name} only {Quantity.Of(to.TxRings.Count, "tx ring")}");
}
