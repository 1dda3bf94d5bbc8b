using System.CommandLine;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Cli.Control;
using Ptnetmap.Daemon.Api;

namespace Ptnetmap.Cli.Vm;

/// <summary><c>ptnet vm args</c>.</summary>
internal static class VmArgsCommand
{
    private const string Lesson =
        """
        On a terminal the arguments are quoted for copying; elsewhere each is a line as it is, for $(...). They say nothing
        of processor, disks or console: those are yours. The daemon must serve the ports before QEMU starts.

        Examples:
          ptnet vm args vale0:web
          qemu-system-x86_64 -accel kvm -cpu host $(ptnet vm args vale0:web 'p{1' --memory 2G) -nographic disk.img
          ptnet vm args vale0:web --json
        """;

    private static readonly Argument<string[]> Ports = new("PORT")
    {
        Description = "Ports, in the order in which the guest finds them.",
        Arity = ArgumentArity.OneOrMore,
    };

    internal static Command Create()
    {
        var options = new VmOptions();
        return ControlCommand.Create(
            "args", "Print the arguments that give a QEMU (10.1 or later) these ports", Lesson,
            (parsed, client) =>
            {
                (VmReport vm, string text) = options.Ask(parsed, client, parsed.GetValue(Ports)!);
                foreach (string note in vm.Notes)
                {
                    Console.Error.WriteLine($"ptnet: note: {note}");
                }

                return new Answer(text, output => Write(vm.Arguments, output, Console.IsOutputRedirected));
            },
            [Ports, .. options.All]);
    }

    /// <summary>Writes the arguments, for <c>$(...)</c> or for copying.</summary>
    /// <exception cref="UsageException">An argument would not survive <c>$(...)</c>.</exception>
    internal static void Write(IReadOnlyList<string> arguments, TextWriter output, bool forSubstitution)
    {
        if (!forSubstitution)
        {
            // An option and its value a line.
            output.WriteLine(string.Join(" \\\n",
                arguments.Chunk(2).Select(pair => string.Join(' ', pair.Select(ShellText.Quote)))));
            return;
        }

        if (arguments.FirstOrDefault(argument => !ShellText.SurvivesSubstitution(argument)) is { } torn)
        {
            throw new UsageException(
                "a shell would tear " +
                $"'{torn}' apart; choose a --run-dir without blanks and patterns for the daemon, or read --json");
        }

        foreach (string argument in arguments)
        {
            output.WriteLine(argument);
        }
    }
}
