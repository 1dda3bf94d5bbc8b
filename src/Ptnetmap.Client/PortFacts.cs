namespace Ptnetmap.Client;

/// <summary>What a program may say of its port.</summary>
/// <param name="Address">Where it is: a PCI address in a virtual machine.</param>
/// <param name="Mac">Its MAC address.</param>
/// <param name="Interrupts">How it is interrupted: vfio (MSI-X), uio (INTx) or poll in a virtual machine.</param>
/// <param name="Csb">Where the CSB is: in the device's bar, or in memory.</param>
public sealed record PortFacts(string Address, MacAddress Mac, string Interrupts, string Csb);
