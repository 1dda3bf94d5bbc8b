using System.Runtime.InteropServices;

namespace Ptnetmap.Linux.Kvm;

/// <summary><c>struct kvm_userspace_memory_region</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct KvmMemorySlot
{
    internal uint Slot;
    internal uint Flags;
    internal ulong GuestPhysicalAddress;
    internal ulong Size;
    internal ulong UserAddress;
}
