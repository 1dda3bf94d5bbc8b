using System.Runtime.InteropServices;

namespace Ptnetmap.Qemu.Protocol;

/// <summary>Payload of <c>VFIO_USER_REGION_READ</c> and <c>VFIO_USER_REGION_WRITE</c>, both ways, before the bytes.
/// <code>
///  0            8            12          16
///  | offset u64 | region u32 | count u32 | bytes of a write's command, of a read's reply ...
/// </code></summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct RegionAccess
{
    /// <summary>Bytes of it.</summary>
    public const int Size = 16;

    /// <summary>Where in the region.</summary>
    public ulong Offset;

    /// <summary>Which region.</summary>
    public uint Region;

    /// <summary>How many bytes.</summary>
    public uint Count;
}
