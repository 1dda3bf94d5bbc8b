using System.Runtime.InteropServices;

namespace Ptnetmap.Linux.Pci;

/// <summary><c>struct vfio_group_status</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct VfioGroupStatus
{
    internal uint ArgumentSize;
    internal uint Flags;
}
