using System.CommandLine;
using Microsoft.Extensions.Logging;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Daemon.Service;
using Ptnetmap.Linux;

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
          left = "tap:left"
          right = "tap:right"

          [[attach]]                       # what 'ptnet switch attach' does: all of it or nothing
          switch = "vale0"
          port = "netmap:eth0"
          stack = true                     # the kernel's stack as well; as = "uplink": the name on the switch

        All mistakes of a file are reported at once, with their lines.

        The first SIGTERM or Ctrl-C ends it in good order, for which it has 60 s; a second one ends it at once, but not within
        2 s of the first: timeout(1) and shells send both at a time. SIGQUIT is as SIGTERM; SIGHUP, SIGUSR1, SIGUSR2 and
        SIGALRM do nothing.
        """;

    private const ulong LeastDescriptors = 256;

    private static readonly Option<string?> Config = new("--config")
    {
        Description = "Trust domains, switches, ports, pipes, bridges and attachments to start with (TOML).",
        HelpName = "FILE",
    };

    internal static Command Create()
    {
        var command =
            new TeachingCommand("up", "Run the daemon that holds ports, pipes and switches", Lesson) { Config };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        if (ResourceLimits.Descriptors is < LeastDescriptors and var limit)
        {
            throw new LinuxException(
                $"open files are limited to {limit} (ulimit -n), and a daemon needs at least " +
                $"{LeastDescriptors}, and some 20 for each port; raise it");
        }

        PoolThreads.Fill();
        string directory = RunDirOption.Read(parsed);
        string? file = parsed.GetValue(Config);
        try
        {
            DaemonSettings settings = file is null ? new DaemonSettings() : ConfigReader.ReadFile(file);
            return Serve(settings, directory).GetAwaiter().GetResult();
        }
        catch (ConfigException mistakes)
        {
            Console.Error.WriteLine(mistakes.Problems.Count == 0 ? $"ptnet: {mistakes.Message}" : mistakes.Message);
            return ExitCode.Usage;
        }
        catch (RefusalException mistake) when (mistake.Kind == RefusalKind.Invalid)
        {
            LastCatch.Tell(LastCatch.Describe(mistake));
            return ExitCode.Usage;
        }
    }

    private static async Task<int> Serve(DaemonSettings settings, string directory)
    {
        using ILoggerFactory logs = LogSetup.Create(settings);
        using var stop = new StopSignal(signal => DaemonHost.LogIgnored(logs, signal));
        Action<string> tell = LastCatch.Tell;
        bool isForPrograms = settings.Log is not "text";
        if (isForPrograms)
        {
            LastCatch.Tell = text => TellAndFlush(logs, text);
        }

        try
        {
            await Serve(settings, directory, logs, stop);
            return ExitCode.Success;
        }
#pragma warning disable CA1031 // Whatever it is, it is the last line of a log that programs read.
        catch (Exception failure) when (isForPrograms)
#pragma warning restore CA1031
        {
            DaemonHost.LogFailure(logs, LastCatch.Describe(failure));
            return failure is RefusalException { Kind: RefusalKind.Invalid } ? ExitCode.Usage : ExitCode.Failure;
        }
        finally
        {
            LastCatch.Tell = tell;
        }
    }

    private static async Task Serve(DaemonSettings settings, string directory, ILoggerFactory logs, StopSignal stop)
    {
        await using DaemonHost host = await DaemonHost.Start(settings, directory, DaemonHost.CreateTransports(), logs);
        DaemonHost.Settle();
        Console.Out.WriteLine($"ready: {host.Inventory.Directory.ControlSocket}");
        _ = ServiceManager.Notify(ServiceManager.Ready);
        _ = stop.Wait(TimeSpan.FromDays(10_000));
        _ = ServiceManager.Notify(ServiceManager.Stopping);
    }

    // The log's lines are written by a thread of its own: they are out when it is disposed of.
    private static void TellAndFlush(ILoggerFactory logs, string text)
    {
        DaemonHost.LogFailure(logs, text);
        logs.Dispose();
    }
}
