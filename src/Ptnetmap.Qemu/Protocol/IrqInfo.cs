using System.Runtime.InteropServices;

namespace Ptnetmap.Qemu.Protocol;

/// <summary>Payload of <c>VFIO_USER_DEVICE_GET_IRQ_INFO</c> and of its reply.
/// <code>
///  0           4           8           12          16
///  | argsz u32 | flags u32 | index u32 | count u32 |
///                1 EVENTFD, 2 MASKABLE, 4 AUTOMASKED, 8 NORESIZE
/// </code></summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct IrqInfo
{
    /// <summary>Bytes of it.</summary>
    public const int Size = 16;

    /// <summary>Signalled by eventfds.</summary>
    public const uint EventFd = 1;

    /// <summary>Can be masked.</summary>
    public const uint Maskable = 2;

    /// <summary>Masks itself when it fires.</summary>
    public const uint AutoMasked = 4;

    /// <summary>Bytes of the payload.</summary>
    public uint ArgumentSize;

    /// <summary><see cref="EventFd"/> and so on.</summary>
    public uint Flags;

    /// <summary>Which kind: see <see cref="IrqIndex"/>.</summary>
    public uint Index;

    /// <summary>Interrupts of this kind.</summary>
    public uint Count;
}
