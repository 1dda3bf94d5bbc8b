using System.Buffers.Binary;

namespace Ptnetmap.Linux.Kvm;

/// <summary>A task state segment whose I/O permission bitmap allows the low ports. On hardware the I/O privilege level
/// in RFLAGS would do; a software hypervisor runs level 3 with the host's own RFLAGS, loses the guest's privilege
/// level, and then asks the bitmap.
/// <code>
/// 0 ... 102 offset of the bitmap (104)   104 one bit a port, 0 = allowed   end: a byte of ones, as the CPU demands
/// </code></summary>
public static class KvmTaskState
{
    /// <summary>Bytes that it takes; aligned to as much.</summary>
    public const int Size = 4096;

    /// <summary>Ports from 0 up to this one are allowed.</summary>
    public const int Ports = (Size - BitmapOffset - 1) * 8;

    private const int BitmapOffset = 104;

    /// <summary>Lays one out in zeroed memory.</summary>
    public static void Initialise(Span<byte> memory)
    {
        memory[..Size].Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(memory[102..], BitmapOffset);
        memory[Size - 1] = byte.MaxValue;
    }

    internal static KvmSegment At(ulong address) => new()
    {
        Base = address,
        Limit = Size - 1,
        Selector = 0x40,
        Type = 0xB,
        Present = 1,
    };
}
