using System.CommandLine;
using Ptnetmap.Cli.CommandLine;

namespace Ptnetmap.Cli.Bench;

/// <summary><c>ptnet bench</c>.</summary>
internal static class BenchCommand
{
    private const string Lesson =
        """
        Every measurement builds regions, ports, workers and guests, lets them settle for 0.3 s, and then counts
        for --seconds; it does so --runs times and reports the median. Frames are written whole by the sender for
        every packet, and every slot is read by the receiver.

        --json - prints all figures, the settings and the machine. Rates are of the median run; counts (sent, lost,
        drops, gc_collections, allocated_bytes) are sums over all runs. gbps is frame bytes times 8, without
        preamble, checksum or gap.
        """;

    internal static Command Create() =>
        new TeachingCommand("bench", "Measure rates, latency and what idling costs", Lesson)
        {
            V2vCommand.Create(),
            ChainCommand.Create(),
            MatrixCommand.Create(),
            RttCommand.Create(),
            LatencyCommand.Create(),
            IdleCommand.Create(),
            NicCommand.Create(),
        };
}
