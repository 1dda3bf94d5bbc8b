using System.CommandLine;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Lab.Beds;
using Ptnetmap.Lab.Reporting;

namespace Ptnetmap.Cli.Bench;

/// <summary><c>ptnet bench chain</c>.</summary>
internal static class ChainCommand
{
    private const string Lesson =
        """
        A sender, --length forwarders, and a receiver, each connected to the next by a pipe (or a switch). A forwarder
        takes a frame at one port and sends it on at another without touching it; through pipes no byte is copied from
        one end to the other.

        With more guests than cores a rate says little. The figure is efficiency: packets times hops for each second of
        CPU time. --length 0 has one hop and nobody between, for comparison.

        Examples:
          ptnet bench chain --length 1 --guests thread
          ptnet bench chain --length 5 --verify
        """;

    internal static Command Create()
    {
        var options = new BenchOptions();
        Option<long> length = Choice.Whole(
            "--length", "N", "Forwarders between sender and receiver.", 0, MatrixShape.LongestChain, 1);
        var command = new TeachingCommand("chain", "Packets through several guests in a row", Lesson)
        {
            length, options.Via, options.Guests, options.Frame, options.Slots, options.Burst, options.Rate,
            options.Packets, options.Verify, options.Seconds, options.Runs, options.Policy, options.GuestSpin,
            options.Workers, options.Pin, options.HugePages, options.Json,
        };
        command.SetAction(parsed =>
        {
            BedSettings settings = options.ReadSettings(parsed) with { Forwarders = (int)parsed.GetValue(length) };
            return BenchAction.Run("chain", settings, options, parsed, Layouts.Chain);
        });
        return command;
    }
}
