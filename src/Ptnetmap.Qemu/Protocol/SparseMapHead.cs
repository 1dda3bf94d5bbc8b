using System.Runtime.InteropServices;

namespace Ptnetmap.Qemu.Protocol;

/// <summary>The sparse mmap capability of a region, before its areas (<c>VFIO_REGION_INFO_CAP_SPARSE_MMAP</c>).
/// <code>
///  0        2             4          8             12             16           24         32
///  | id u16 | version u16 | next u32 | areas u32   | reserved u32 | offset u64 | size u64 | next area ...
/// </code></summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct SparseMapHead
{
    /// <summary>Bytes of it.</summary>
    public const int Size = 16;

    /// <summary>Bytes of an area.</summary>
    public const int AreaSize = 16;

    /// <summary><c>VFIO_REGION_INFO_CAP_SPARSE_MMAP</c>.</summary>
    public ushort Id;

    /// <summary>1.</summary>
    public ushort Version;

    /// <summary>The next capability; 0 after the last.</summary>
    public uint Next;

    /// <summary>Areas that follow.</summary>
    public uint Areas;

    /// <summary>0.</summary>
    public uint Reserved;

    /// <summary><c>VFIO_REGION_INFO_CAP_SPARSE_MMAP</c>.</summary>
    public const ushort CapabilityId = 1;
}
