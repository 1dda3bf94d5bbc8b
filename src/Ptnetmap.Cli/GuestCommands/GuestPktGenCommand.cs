using System.CommandLine;
using Ptnetmap.Cli.CommandLine;

namespace Ptnetmap.Cli.GuestCommands;

/// <summary><c>ptnet guest pkt-gen</c>.</summary>
internal static class GuestPktGenCommand
{
    private const string Lesson =
        """
        Examples:
          ptnet guest pkt-gen rx --verify --count 1M      check a million frames, then stop
          ptnet guest pkt-gen tx --count 1M               send them, wait until the host has taken them all
          ptnet guest pkt-gen echo                        send every frame back
          ptnet guest pkt-gen ping --count 10k            round trips to an echo, one at a time

        Frames are numbered and carry a checksum. Exit code 1: frames were lost, came twice, out of order or damaged
        (rx --verify), or requests stayed without an answer (ping).
        """;

    internal static Command Create(GuestOptions shared)
    {
        var options = new PktGenOptions(shared);
        var command = new TeachingCommand("pkt-gen", "Send, receive, echo or ping on a port", Lesson)
        {
            options.Mode, shared.Port, options.Frame, options.Rate, options.Count, options.Burst, options.Verify,
            options.Source,
            options.Destination,
        };
        shared.AddTo(command);
        command.SetAction(parsed => PktGenRun.Run(options, parsed));
        return command;
    }
}
