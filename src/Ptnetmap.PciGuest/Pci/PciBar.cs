namespace Ptnetmap.PciGuest.Pci;

/// <summary>A line of <c>resource</c> in sysfs: where a BAR lies and of what kind it is.</summary>
/// <param name="Start">First address.</param>
/// <param name="End">Last address; 0 when there is no such BAR.</param>
/// <param name="Flags">The kernel's <c>IORESOURCE_*</c>.</param>
public readonly record struct PciBar(ulong Start, ulong End, ulong Flags)
{
    private const ulong IoFlag = 0x100;

    /// <summary>True when there is one.</summary>
    public bool Exists => End != 0;

    /// <summary>Its registers are I/O ports.</summary>
    public bool IsIo => (Flags & IoFlag) != 0;

    /// <summary>Bytes.</summary>
    public long Size => Exists ? (long)(End - Start + 1) : 0;
}
