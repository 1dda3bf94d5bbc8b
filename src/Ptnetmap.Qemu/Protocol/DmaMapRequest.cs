using System.Runtime.InteropServices;

namespace Ptnetmap.Qemu.Protocol;

/// <summary>Payload of <c>VFIO_USER_DMA_MAP</c>; a descriptor comes with it or does not.
/// <code>
///  0           4           8            16            24         32
///  | argsz u32 | flags u32 | offset u64 | address u64 | size u64 |
///                1 R, 2 W    in the fd
/// </code></summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct DmaMapRequest
{
    /// <summary>Bytes of it.</summary>
    public const int Size = 32;

    /// <summary>The device may read.</summary>
    public const uint Readable = 1;

    /// <summary>The device may write.</summary>
    public const uint Writable = 2;

    /// <summary>Bytes of the payload.</summary>
    public uint ArgumentSize;

    /// <summary><see cref="Readable"/>, <see cref="Writable"/>.</summary>
    public uint Flags;

    /// <summary>Where in the descriptor's file.</summary>
    public ulong Offset;

    /// <summary>Where in the guest's physical space.</summary>
    public ulong Address;

    /// <summary>Bytes of the range.</summary>
    public ulong Length;
}
