using System.Runtime.InteropServices;

namespace Ptnetmap.Qemu.Protocol;

/// <summary>Payload of <c>VFIO_USER_DMA_UNMAP</c> and of its reply.
/// <code>
///  0           4           8             16         24
///  | argsz u32 | flags u32 | address u64 | size u64 |
///                2 all
/// </code></summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct DmaUnmapRequest
{
    /// <summary>Bytes of it.</summary>
    public const int Size = 24;

    /// <summary>Every range is meant; address and length are 0.</summary>
    public const uint All = 2;

    /// <summary>Bytes of the payload.</summary>
    public uint ArgumentSize;

    /// <summary><see cref="All"/> or 0.</summary>
    public uint Flags;

    /// <summary>Where in the guest's physical space.</summary>
    public ulong Address;

    /// <summary>Bytes; in the reply, how many are unmapped.</summary>
    public ulong Length;
}
