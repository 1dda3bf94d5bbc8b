using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ptnetmap.Memory;

/// <summary>Copies one frame from a buffer of one region to a buffer of another. Exactly as many bytes as the frame has:
/// a stranger never sees what stood behind it. Short frames, the common case, are moved with a few overlapping vector
/// loads and stores in place of a call.</summary>
public static class PacketCopy
{
    /// <summary>True for the lengths of <see cref="CopyShort"/>: 32 to 64 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsShort(uint length) => length - 32 <= 32;

    /// <summary>Copies <paramref name="length"/> bytes. Both indices are valid in their pools and the length is at most
    /// the size of either buffer: the caller has checked, on its own copies of the slots.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Copy(BufferPoolView source, uint from, BufferPoolView target, uint to, uint length)
    {
        if (IsShort(length))
        {
            CopyShort(source, from, target, to, length);
        }
        else
        {
            Unsafe.CopyBlockUnaligned(target.Address(to), source.Address(from), length);
        }
    }

    /// <summary>The same for a length that <see cref="IsShort"/>. There is no call in it, so a loop that copies only
    /// such frames keeps everything in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void CopyShort(BufferPoolView source, uint from, BufferPoolView target, uint to, uint length)
    {
        byte* src = source.Address(from);
        byte* dst = target.Address(to);
        Vector256<byte> first = Vector256.Load(src);
        Vector256<byte> last = Vector256.Load(src + length - 32);
        first.Store(dst);
        last.Store(dst + length - 32);
    }

    /// <summary>The first 16 bytes of a frame, in one load: Ethernet addresses and type. The buffer is at least 64 bytes
    /// long, whatever the frame's length.</summary>
    /// <param name="pool">The buffers.</param>
    /// <param name="index">A valid index.</param>
    /// <param name="offset">Where the frame begins, 0 to 48.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe EthernetHead ReadHead(BufferPoolView pool, uint index, uint offset = 0)
    {
        byte* head = pool.Address(index) + offset;
        return new EthernetHead(Unsafe.ReadUnaligned<ulong>(head), Unsafe.ReadUnaligned<ulong>(head + 8));
    }
}
