using System.CommandLine;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Daemon.Api;

namespace Ptnetmap.Cli.Control;

/// <summary><c>ptnet stats</c>.</summary>
internal static class StatsCommand
{
    private const string Lesson =
        """
        Packets of a tx ring are those that found a receiver; each dropped one is counted at the ring that sent it, under
        its reason. With --watch the rates of each second are shown until Ctrl-C; with --json as well, a line a second.
        """;

    private static readonly Argument<string?> Port = new("PORT")
    {
        Description = "The port. Default: all.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<bool> Watch = Choice.Flag("--watch", "Again every second, with rates.");

    private static ApiJson Json => ApiJson.Default;

    internal static Command Create()
    {
        var command = new TeachingCommand(
            "stats", "Counters of every ring: packets, drops by reason, kicks, interrupts", Lesson)
        {
            Port, Watch, ControlCommand.Json,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        string path =
            parsed.GetValue(Port) is { } port ? ControlCommand.Path("stats", ControlCommand.Whole(port)) : "/v1/stats";
        bool json = parsed.GetValue(ControlCommand.Json);
        using var client = new ControlClient(RunDirOption.Read(parsed));
        StatsReport? before = Print(client, path, json, null);
        if (!parsed.GetValue(Watch))
        {
            return ExitCode.Success;
        }

        using var stop = new StopSignal();
        while (!stop.Wait(TimeSpan.FromSeconds(1)))
        {
            before = Print(client, path, json, before);
        }

        return ExitCode.Success;
    }

    private static StatsReport Print(ControlClient client, string path, bool json, StatsReport? before)
    {
        (StatsReport now, string text) = client.Get(path, Json.StatsReport);
        if (json)
        {
            Console.Out.WriteLine(text);
        }
        else
        {
            ControlText.WriteStats(now, before, Console.Out);
        }

        return now;
    }
}
