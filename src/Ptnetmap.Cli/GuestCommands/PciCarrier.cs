using System.CommandLine;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Client;
using Ptnetmap.PciGuest;
using Ptnetmap.PciGuest.Interrupts;

namespace Ptnetmap.Cli.GuestCommands;

/// <summary>The PCI devices of a Linux virtual machine.</summary>
internal sealed class PciCarrier : IPortCarrier
{
    private readonly Option<string> _interrupts = Choice.Word(
        "--interrupts", "MSI-X, INTx or none; auto: the best that works.", "auto", "auto", "vfio", "uio", "poll");

    private readonly Option<string> _csb = Choice.Word(
        "--csb", "Status block in the device's BAR where it has one, or in guest memory.", "bar", "bar", "memory");

    /// <inheritdoc/>
    public IReadOnlyList<Option> Options => [_interrupts, _csb, Bus];

    /// <summary>Where the devices are looked for; another folder only in tests.</summary>
    internal Option<string> Bus { get; } = new("--bus")
    {
        Description = "Folder of the PCI devices.",
        DefaultValueFactory = _ => GuestBus.DefaultFolder,
        Hidden = true,
    };

    /// <inheritdoc/>
    public IPortSource OpenPorts(ParseResult parsed) => new PciPorts(OpenBus(parsed), ReadChannel(parsed));

    internal PciChannelOptions ReadChannel(ParseResult parsed) => new()
    {
        Interrupts = Enum.Parse<InterruptKind>(parsed.GetValue(_interrupts)!, ignoreCase: true),
        CsbBar = string.Equals(parsed.GetValue(_csb), "bar", StringComparison.Ordinal),
        Note = note => Console.Error.WriteLine($"ptnet: note: {note}"),
    };

    internal GuestBus OpenBus(ParseResult parsed) => new(parsed.GetValue(Bus)!);
}
