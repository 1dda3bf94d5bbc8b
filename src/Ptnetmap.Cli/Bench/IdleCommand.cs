using System.CommandLine;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Lab.Beds;

namespace Ptnetmap.Cli.Bench;

/// <summary><c>ptnet bench idle</c>.</summary>
internal static class IdleCommand
{
    private const string Lesson =
        """
        Two guests attached and waiting, nothing sent. cpu_percent is the CPU time of all threads of the process in
        percent of one core; wake_ups_per_s are its voluntary context switches: how often anything went to sleep and was
        woken. With the default policy nobody polls, so both are close to nothing.

        Examples:
          ptnet bench idle
          ptnet bench idle --policy spin       what a polling host costs for nothing
        """;

    private const double DefaultSeconds = 5;

    internal static Command Create()
    {
        var options = new BenchOptions(linux: true);
        options.Seconds.DefaultValueFactory = _ => DefaultSeconds;
        options.Runs.DefaultValueFactory = _ => 1;
        var command = new TeachingCommand("idle", "What two attached guests cost that have nothing to do", Lesson)
        {
            options.Via, options.Guests, options.Slots, options.Seconds, options.Runs, options.Policy,
            options.Workers, options.Pin, options.HugePages, options.Json,
        };
        command.SetAction(parsed => BenchAction.Run("idle", options, parsed, Layouts.Idle));
        return options.Linux.AddTo(command);
    }
}
