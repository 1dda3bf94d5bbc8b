using System.Runtime.InteropServices;

namespace Ptnetmap.Linux.Pci;

/// <summary><c>struct vfio_iommu_type1_dma_map</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct VfioDmaMap
{
    internal uint ArgumentSize;
    internal uint Flags;
    internal ulong Address;
    internal ulong IoAddress;
    internal ulong Size;
}
