using System.Runtime.InteropServices;

namespace Ptnetmap.Qemu.Protocol;

/// <summary>Payload of <c>VFIO_USER_DEVICE_GET_INFO</c> and of its reply.
/// <code>
///  0           4           8             12         16
///  | argsz u32 | flags u32 | regions u32 | irqs u32 |
///                1 RESET, 2 PCI
/// </code></summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct DeviceInfo
{
    /// <summary>Bytes of it.</summary>
    public const int Size = 16;

    /// <summary>The device can be reset.</summary>
    public const uint Reset = 1;

    /// <summary>It is a PCI device.</summary>
    public const uint Pci = 2;

    /// <summary>Bytes of the payload.</summary>
    public uint ArgumentSize;

    /// <summary><see cref="Reset"/>, <see cref="Pci"/>.</summary>
    public uint Flags;

    /// <summary>Regions: 9 of a PCI device.</summary>
    public uint Regions;

    /// <summary>Kinds of interrupts: 5 of a PCI device.</summary>
    public uint Irqs;
}
