using System.Runtime.InteropServices;

namespace Ptnetmap.Qemu.Devices;

/// <summary>A part of a region that can be mapped (<c>struct vfio_region_sparse_mmap_area</c>).</summary>
/// <param name="Offset">In the region.</param>
/// <param name="Length">Bytes.</param>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly record struct MappableArea(ulong Offset, ulong Length);
