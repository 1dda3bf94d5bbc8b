using System.CommandLine;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Client;
using Ptnetmap.Lab.LinuxGuests;
using Ptnetmap.Linux;
using Ptnetmap.Linux.Net;
using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Cli.GuestCommands;

/// <summary><c>ptnet guest tap</c>.</summary>
internal static class GuestTapCommand
{
    private const string Lesson =
        """
        Makes a TAP interface of the kernel with the port's MAC address, brings it up, and passes frames both ways:
        what the kernel's programs (ping, ssh, iperf3) send goes to the port. The interface is gone when the command
        ends. Give it an address with ip or ifconfig:
          ptnet guest tap ptnet0 &
          ip addr add 192.168.7.1/24 dev ptnet0

        With few processors, the command and the program that sends or receives would take turns packet by packet: each
        wakes the other. So it runs in long turns, behind others when it is woken and before them once it runs. Where
        another program computes all the time, a packet may then wait for the scheduler's tick (1 to 10 ms): --prompt.
        """;

    internal static Command Create(GuestOptions options)
    {
        var name = new Argument<string>("NAME") { Description = "The interface's name." };
        Option<bool> plain = Choice.Flag(
            "--no-offloads",
            "Do not ask the port for the virtio-net header: the kernel completes checksums and cuts segments.");
        Option<bool> prompt = Choice.Flag(
            "--prompt", "Be scheduled as any program: packets wait less, and TCP gets less through.");
        var command = new TeachingCommand("tap", "A network interface of the kernel, bridged to a port", Lesson)
        {
            name, options.Port, plain, prompt,
        };
        options.AddTo(command);
        command.SetAction(parsed => Run(
            options, parsed, parsed.GetValue(name)!, parsed.GetValue(options.Port)!, offloads: !parsed.GetValue(plain),
            longTurns: !parsed.GetValue(prompt)));
        return command;
    }

    private static int Run(GuestOptions options, ParseResult parsed, string name, string which, bool offloads,
        bool longTurns)
    {
        if (InterfaceName.FaultOf(name) is { } fault)
        {
            throw new UsageException(fault);
        }

        using IPortSource ports = options.OpenPorts(parsed);

        // No looks before it sleeps: whoever would bring the news needs the processor meanwhile.
        using OpenPort open = ports.Open(which, new PortRequest { Idle = IdleStrategy.Sleep, Offloads = offloads });
        NetmapPort port = open.Port;
        using TapDevice tap = TapDevice.Create(name, OptionsFor(port.Channel));
        tap.SetMac(open.Facts.Mac);
        tap.BringUp();
        string header = tap.VnetHeaderLength == 0 ? "" : ", with checksum and segmentation offload";
        Console.Error.WriteLine($"ptnet: interface {tap.Name} is up, bridged to {open.Facts.Address}{header}");
        using var reader = new TapReader(tap, port.TxRings[0]);
        TapWriter[] writers = [.. port.RxRings.Select(ring => new TapWriter(ring, tap))];
        GuestProgram[] programs = [reader, .. writers];
        if (longTurns)
        {
            _ = LinuxThread.TryTakeLongTurns();
        }

        using var run = new GuestRun(options.Stop(), programs);
        run.Run(parsed.GetValue(options.Seconds));
        GuestRunReport report =
            GuestReporting.Report($"tap {tap.Name}", open.Facts, run, GuestReporting.Sum(programs)) with
            {
                Refused = reader.TooLong + writers.Sum(writer => writer.Refused),
            };
        GuestReporting.Write(report, options.Json, parsed);
        return GuestReporting.ExitCodeOf(report);
    }

    // Only what every guest's kernel takes, for nobody asks the receiver: an old one does not know the others.
    private static TapOptions OptionsFor(GuestChannel channel) =>
        channel.VnetHeaderLength == 0 ? new TapOptions() : new TapOptions
        {
            VnetHeader = true,
            Offloads = TapOffloads.Checksum | TapOffloads.TcpV4 | TapOffloads.TcpV6,
        };
}
