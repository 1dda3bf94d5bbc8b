using System.CommandLine;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Client;
using Ptnetmap.PciGuest;
using Ptnetmap.PciGuest.Interrupts;

namespace Ptnetmap.Cli.GuestCommands;

/// <summary>Options that the commands inside a virtual machine share.</summary>
internal sealed class GuestOptions
{
    internal Option<string> Port { get; } = new("--port")
    {
        Description = "The port, by number or PCI address.",
        HelpName = "PORT",
        DefaultValueFactory = _ => "0",
    };

    internal Option<string> Interrupts { get; } = Choice.Word(
        "--interrupts", "MSI-X, INTx or none; auto: the best that works.", "auto", "auto", "vfio", "uio", "poll");

    internal Option<string> Csb { get; } = Choice.Word(
        "--csb", "Status block in the device's BAR where it has one, or in guest memory.", "bar", "bar", "memory");

    internal Option<double> Seconds { get; } = Choice.Seconds("--seconds", "Stop after so long; 0 goes on.", 0, 1_000_000, 0);

    internal Option<string?> Json { get; } = new("--json")
    {
        Description = "Write JSON to a file, or to standard output (-).",
        HelpName = "-|FILE",
    };

    /// <summary>Where the devices are looked for; another folder only in tests.</summary>
    internal Option<string> Bus { get; } = new("--bus")
    {
        Description = "Folder of the PCI devices.",
        DefaultValueFactory = _ => GuestBus.DefaultFolder,
        Hidden = true,
    };

    internal PciChannelOptions ReadChannel(ParseResult parsed) => new()
    {
        Interrupts = Enum.Parse<InterruptKind>(parsed.GetValue(Interrupts)!, ignoreCase: true),
        CsbBar = string.Equals(parsed.GetValue(Csb), "bar", StringComparison.Ordinal),
        Note = note => Console.Error.WriteLine($"ptnet: note: {note}"),
    };

    internal GuestBus OpenBus(ParseResult parsed) => new(parsed.GetValue(Bus)!);

    /// <summary>Where ports are opened by name.</summary>
    internal IPortSource OpenPorts(ParseResult parsed) => new PciPorts(OpenBus(parsed), ReadChannel(parsed));
}
