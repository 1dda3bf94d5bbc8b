using System.CommandLine;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Client;
using Ptnetmap.Lab.Measuring;

namespace Ptnetmap.Cli.GuestCommands;

/// <summary>Options that programs on ports share, whatever carries those.</summary>
internal sealed class GuestOptions(IPortCarrier carrier)
{
    internal Option<string> Port { get; } = new("--port")
    {
        Description = "The port, by number or PCI address.",
        HelpName = "PORT",
        DefaultValueFactory = _ => "0",
    };

    internal Option<double> Seconds { get; } =
        Choice.Seconds("--seconds", "Stop after so long; 0 goes on.", 0, 1_000_000, 0);

    internal Option<string?> Json { get; } = new("--json")
    {
        Description = "Write JSON to a file, or to standard output (-).",
        HelpName = "-|FILE",
    };

    /// <summary>Makes what ends a run early; another one only in tests.</summary>
    internal Func<StopRequest> Stop { get; init; } = () => new StopSignal();

    /// <summary>Where ports are opened by name.</summary>
    internal IPortSource OpenPorts(ParseResult parsed) => carrier.OpenPorts(parsed);

    /// <summary>Gives a command the carrier's options, and those that all programs have but the port's.</summary>
    internal void AddTo(Command command)
    {
        foreach (Option option in (Option[])[Seconds, .. carrier.Options, Json])
        {
            command.Options.Add(option);
        }
    }
}
