using System.Runtime.InteropServices;

namespace Ptnetmap.Qemu.Protocol;

/// <summary>Payload of <c>VFIO_USER_DEVICE_SET_IRQS</c>; bytes of data or descriptors follow, one an interrupt.
/// <code>
///  0           4           8           12          16          20
///  | argsz u32 | flags u32 | index u32 | start u32 | count u32 | data ...
///                what with: 1 NONE, 2 BOOL, 4 EVENTFD; what: 8 MASK, 0x10 UNMASK, 0x20 TRIGGER
/// </code></summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct IrqSet
{
    /// <summary>Bytes of it.</summary>
    public const int Size = 20;

    /// <summary>No data: each interrupt of the range is meant.</summary>
    public const uint DataNone = 1;

    /// <summary>A byte an interrupt: those with another value than 0 are meant.</summary>
    public const uint DataBool = 2;

    /// <summary>A descriptor an interrupt, or none at all for "no eventfd".</summary>
    public const uint DataEventFd = 4;

    /// <summary>Mask.</summary>
    public const uint Mask = 8;

    /// <summary>Unmask.</summary>
    public const uint Unmask = 0x10;

    /// <summary>Set what is signalled, or signal.</summary>
    public const uint Trigger = 0x20;

    /// <summary>The bits that say what the data are.</summary>
    public const uint DataMask = 7;

    /// <summary>Bytes of the payload.</summary>
    public uint ArgumentSize;

    /// <summary>One of the data bits and one of the actions.</summary>
    public uint Flags;

    /// <summary>Which kind.</summary>
    public IrqIndex Index;

    /// <summary>The first interrupt meant.</summary>
    public uint Start;

    /// <summary>How many; 0 with <see cref="DataNone"/> and <see cref="Trigger"/> disables the kind.</summary>
    public uint Count;
}
