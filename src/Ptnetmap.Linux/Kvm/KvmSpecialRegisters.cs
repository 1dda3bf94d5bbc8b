using System.Runtime.InteropServices;

namespace Ptnetmap.Linux.Kvm;

/// <summary><c>struct kvm_sregs</c>, 312 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Size = 312)]
internal struct KvmSpecialRegisters
{
    internal KvmSegment Cs;
    internal KvmSegment Ds;
    internal KvmSegment Es;
    internal KvmSegment Fs;
    internal KvmSegment Gs;
    internal KvmSegment Ss;
    internal KvmSegment Tr;
    internal KvmSegment Ldt;
    internal KvmDescriptorTable Gdt;
    internal KvmDescriptorTable Idt;
    internal ulong Cr0;
    internal ulong Cr2;
    internal ulong Cr3;
    internal ulong Cr4;
    internal ulong Cr8;
    internal ulong Efer;
    internal ulong ApicBase;
}
