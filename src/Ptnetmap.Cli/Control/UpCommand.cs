using System.CommandLine;
using Microsoft.Extensions.Logging;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Cli.Measuring;
using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Daemon.Running;
using Ptnetmap.Daemon.Service;
using Ptnetmap.Ports.Switching;

namespace Ptnetmap.Cli.Control;

/// <summary><c>ptnet up</c>.</summary>
internal static class UpCommand
{
    private const string Lesson =
        """
        Runs in the foreground until SIGTERM or Ctrl-C, logs to standard error, and prints one line to standard output
        when it serves. Under systemd: Type=notify, ExecStart=ptnet up --config /etc/ptnet.toml --run-dir /run/ptnet.

          # ptnet.toml
          [daemon]
          workers = 0                      # one less than cores
          policy = "spin-then-sleep"       # sleep, spin
          log = "text"                     # json, systemd

          [[domain]]                       # one region; its members trust each other
          name = "partners"
          ports = 4                        # room; at least what the file puts into it

          [[switch]]
          name = "vale0"
          ageing_seconds = 300

          [[port]]                         # no domain: a region of its own
          name = "vale0:web"
          rings = 1
          slots = 1024
          mac = "02:00:00:00:00:01"        # default: derived from the name
          bar = "io"                       # memory: cheaper kicks, Linux guests only

          [[pipe]]                         # swaps buffers: both ends in one domain
          name = "p{1"
          domain = "partners"
          slots = 4096
          [pipe.slave]
          mac = "02:00:00:00:00:02"

          [[port]]                         # a TAP interface, for a guest
          name = "tap:vm0"
          [port.host]
          netns = "blue"                   # mtu, mac, persistent

          [[bridge]]                       # two ports connected inside; those that are not there are made
          left = "tap:web0"
          right = "vale0:web0"             # so web0 is on the switch

        All mistakes of a file are reported at once, with their lines.
        """;

    private static readonly Option<string?> Config = new("--config")
    {
        Description = "Trust domains, switches, ports, pipes and bridges to start with (TOML).",
        HelpName = "FILE",
    };

    /// <summary>Builds the command.</summary>
    internal static Command Create()
    {
        var command = new TeachingCommand("up", "Run the daemon that holds ports, pipes and switches", Lesson) { Config };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        string directory = RunDirOption.Read(parsed);
        string? file = parsed.GetValue(Config);
        try
        {
            DaemonSettings settings = file is null ? new DaemonSettings() : ConfigReader.ReadFile(file);
            Serve(settings, directory).GetAwaiter().GetResult();
            return ExitCode.Success;
        }
        catch (ConfigException mistakes)
        {
            Console.Error.WriteLine(mistakes.Message);
            return ExitCode.Usage;
        }
        catch (Exception refusal) when (refusal is RefusalException or SwitchException)
        {
            Console.Error.WriteLine($"ptnet: {refusal.Message}");
            return ExitCode.Failure;
        }
    }

    private static async Task Serve(DaemonSettings settings, string directory)
    {
        using var stop = new StopSignal();
        using ILoggerFactory logs = LogSetup.Create(settings);
        await using DaemonHost host = await DaemonHost.Start(settings, directory, DaemonHost.CreateTransports(), logs);
        DaemonHost.Settle();
        Console.Out.WriteLine($"ready: {host.Inventory.Directory.ControlSocket}");
        Console.Out.Flush();
        _ = ServiceManager.Notify(ServiceManager.Ready);
        _ = stop.Wait(TimeSpan.FromDays(10_000));
        _ = ServiceManager.Notify(ServiceManager.Stopping);
    }
}
