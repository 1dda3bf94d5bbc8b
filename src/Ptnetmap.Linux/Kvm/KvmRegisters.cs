using System.Runtime.InteropServices;

namespace Ptnetmap.Linux.Kvm;

/// <summary><c>struct kvm_regs</c>, 144 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Size = 144)]
internal struct KvmRegisters
{
    internal ulong Rax;
    internal ulong Rbx;
    internal ulong Rcx;
    internal ulong Rdx;
    internal ulong Rsi;
    internal ulong Rdi;
    internal ulong Rsp;
    internal ulong Rbp;
    internal ulong R8;
    internal ulong R9;
    internal ulong R10;
    internal ulong R11;
    internal ulong R12;
    internal ulong R13;
    internal ulong R14;
    internal ulong R15;
    internal ulong Rip;
    internal ulong Rflags;
}
