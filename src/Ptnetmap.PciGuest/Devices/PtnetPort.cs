namespace Ptnetmap.PciGuest.Devices;

/// <summary>What a ptnet device says of its port.</summary>
/// <param name="Address">Its place on the bus.</param>
/// <param name="Driver">The kernel driver that has it, if any.</param>
/// <param name="MemoryId">The id of the region that it lives in.</param>
/// <param name="TxRings">Transmit rings.</param>
/// <param name="RxRings">Receive rings.</param>
/// <param name="TxSlots">Slots of a transmit ring.</param>
/// <param name="RxSlots">Slots of a receive ring.</param>
/// <param name="InterfaceOffset">Where its <c>netmap_if</c> is in the region.</param>
/// <param name="Mac">Its MAC address.</param>
/// <param name="IoPorts">BAR 0 is of I/O ports: a kick is slow.</param>
/// <param name="CsbBar">The device has a BAR for the CSB.</param>
public sealed record PtnetPort(
    string Address, string? Driver, int MemoryId, int TxRings, int RxRings, int TxSlots, int RxSlots,
    long InterfaceOffset,
    MacAddress Mac, bool IoPorts, bool CsbBar);
