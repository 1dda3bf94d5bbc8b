using System.Runtime.InteropServices;

namespace Ptnetmap.Qemu.Protocol;

/// <summary>Payload of <c>VFIO_USER_DEVICE_GET_REGION_INFO</c> and of its reply, before its capabilities.
/// <code>
///  0           4           8           12              16         24           32
///  | argsz u32 | flags u32 | index u32 | cap_ofs u32   | size u64 | offset u64 | capabilities ...
///                1 R 2 W 4 MMAP 8 CAPS                              in the fd
/// </code></summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct RegionInfo
{
    /// <summary>Bytes of it.</summary>
    public const int Size = 32;

    /// <summary>It can be read.</summary>
    public const uint Readable = 1;

    /// <summary>It can be written.</summary>
    public const uint Writable = 2;

    /// <summary>It can be mapped; a descriptor comes with the reply.</summary>
    public const uint Mappable = 4;

    /// <summary>Capabilities follow.</summary>
    public const uint HasCapabilities = 8;

    /// <summary>In a request the room for the reply, in the reply the bytes that the whole answer takes.</summary>
    public uint ArgumentSize;

    /// <summary><see cref="Readable"/> and so on.</summary>
    public uint Flags;

    /// <summary>Which region: 0 to 5 the BARs, 6 the ROM, 7 config space, 8 VGA.</summary>
    public uint Index;

    /// <summary>Offset of the first capability in the payload.</summary>
    public uint CapabilityOffset;

    /// <summary>Bytes of the region; 0 when there is none.</summary>
    public ulong Length;

    /// <summary>Where in the descriptor's file.</summary>
    public ulong Offset;
}
