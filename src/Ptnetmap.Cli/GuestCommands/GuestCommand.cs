using System.CommandLine;
using Ptnetmap.Cli.CommandLine;

namespace Ptnetmap.Cli.GuestCommands;

/// <summary><c>ptnet guest</c>: what runs inside a virtual machine.</summary>
internal static class GuestCommand
{
    private const string Lesson =
        """
        These run inside a Linux virtual machine to which the host passed ports through, as root, and need no kernel
        module for it. Interrupts: MSI-X by vfio-pci where the machine has a virtual IOMMU, INTx by uio_pci_generic
        where the device has a pin; without both the port is polled, and that is said.

        PORT is a port's number in 'ptnet guest list', or its PCI address.
        """;

    internal static Command Create()
    {
        var pci = new PciCarrier();
        var options = new GuestOptions(pci);
        return new TeachingCommand("guest", "Use passed-through ports inside a virtual machine", Lesson)
        {
            GuestListCommand.Create(options, pci),
            GuestPktGenCommand.Create(options),
            GuestBridgeCommand.Create(options),
            GuestTapCommand.Create(options),
            GuestProbeCommand.Create(options, pci),
        };
    }
}
