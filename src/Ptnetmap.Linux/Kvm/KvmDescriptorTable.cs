using System.Runtime.InteropServices;

namespace Ptnetmap.Linux.Kvm;

/// <summary><c>struct kvm_dtable</c>.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
internal struct KvmDescriptorTable
{
    internal ulong Base;
    internal ushort Limit;
}
