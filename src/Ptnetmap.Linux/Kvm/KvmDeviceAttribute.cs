using System.Runtime.InteropServices;

namespace Ptnetmap.Linux.Kvm;

/// <summary><c>struct kvm_device_attr</c>; all zero but the address it is
/// <c>KVM_VCPU_TSC_CTRL / KVM_VCPU_TSC_OFFSET</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct KvmDeviceAttribute
{
    internal uint Flags;
    internal uint Group;
    internal ulong Attribute;
    internal ulong Address;
}
