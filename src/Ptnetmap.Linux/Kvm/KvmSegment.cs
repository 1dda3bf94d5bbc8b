using System.Runtime.InteropServices;

namespace Ptnetmap.Linux.Kvm;

/// <summary><c>struct kvm_segment</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct KvmSegment
{
    internal ulong Base;
    internal uint Limit;
    internal ushort Selector;
    internal byte Type;
    internal byte Present;
    internal byte Dpl;
    internal byte Db;
    internal byte S;
    internal byte L;
    internal byte G;
    internal byte Avl;
    internal byte Unusable;
    internal byte Padding;

    /// <summary>64-bit code, privilege level 3.</summary>
    internal static KvmSegment UserCode => Flat(0x33, 0xB) with { L = 1 };

    /// <summary>Data, privilege level 3.</summary>
    internal static KvmSegment UserData => Flat(0x2B, 0x3) with { Db = 1 };

    /// <summary>64-bit code, privilege level 0.</summary>
    internal static KvmSegment KernelCode => Flat(0x08, 0xB) with { L = 1, Dpl = 0 };

    /// <summary>Data, privilege level 0.</summary>
    internal static KvmSegment KernelData => Flat(0x10, 0x3) with { Db = 1, Dpl = 0 };

    private static KvmSegment Flat(ushort selector, byte type) => new()
    {
        Limit = uint.MaxValue,
        Selector = selector,
        Type = type,
        Present = 1,
        Dpl = 3,
        S = 1,
        G = 1,
    };
}
