using System.Runtime.InteropServices;

namespace Ptnetmap.Qemu.Protocol;

/// <summary>One write of <c>VFIO_USER_REGION_WRITE_MULTI</c>, whose payload is a u64 that counts them and then the
/// writes.
/// <code>
///  0            8            12          16            24
///  | offset u64 | region u32 | count u32 | bytes, 8    |
///                              1 to 8
/// </code></summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct WriteMultiEntry
{
    /// <summary>Bytes of it.</summary>
    public const int Size = 24;

    /// <summary>Bytes of the count before the first entry.</summary>
    public const int CountSize = 8;

    /// <summary>Most bytes of one write.</summary>
    public const int MaxBytes = 8;

    /// <summary>Where, and how many bytes.</summary>
    public RegionAccess Access;

    /// <summary>The bytes, the first one lowest.</summary>
    public ulong Data;
}
