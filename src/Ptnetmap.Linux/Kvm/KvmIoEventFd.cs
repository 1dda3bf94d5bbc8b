using System.Runtime.InteropServices;

namespace Ptnetmap.Linux.Kvm;

/// <summary><c>struct kvm_ioeventfd</c>, 64 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal struct KvmIoEventFd
{
    /// <summary><c>KVM_IOEVENTFD_FLAG_PIO</c>: a port, not memory.</summary>
    internal const uint Pio = 2;

    internal ulong DataMatch;
    internal ulong Address;
    internal uint Length;
    internal int Descriptor;
    internal uint Flags;
}
