using System.CommandLine;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Lab.Beds;

namespace Ptnetmap.Cli.Bench;

/// <summary><c>ptnet bench rtt</c>.</summary>
internal static class RttCommand
{
    private const string Lesson =
        """
        One guest sends a frame, the other sends it back, and so on: one frame under way at a time. Every hop ends with
        somebody asleep who has to be woken, so this shows what a wake-up costs, not what a packet costs. Times are of
        the pinging guest's own clock, in microseconds; the rate is round trips.

        --guest-spin makes guests look longer before they sleep: faster answers for more CPU.

        Examples:
          ptnet bench rtt                             the default policy sleeps
          ptnet bench rtt --policy spin               the host polls: a core for it
          ptnet bench rtt --guest-spin 20000 --workers 1
        """;

    // Round trips have one frame under way: long rings would only take memory.
    private const int Slots = 256;

    internal static Command Create()
    {
        var options = new BenchOptions();
        var command = new TeachingCommand("rtt", "Round-trip times of one frame between two guests", Lesson)
        {
            options.Via, options.Guests, options.Frame, options.Seconds, options.Runs, options.Policy,
            options.GuestSpin, options.Workers, options.Pin, options.HugePages, options.Json,
        };
        command.SetAction(parsed =>
        {
            BedSettings settings = options.ReadSettings(parsed) with { SlotsWanted = Slots, Burst = 1, Ping = true };
            return BenchAction.Run("rtt", settings, options, parsed, Layouts.PingPong);
        });
        return command;
    }
}
