using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ptnetmap.Memory;

/// <summary>Copies one frame from a buffer of one region to a buffer of another. Exactly as many bytes as the frame
/// has: a stranger never sees what stood behind it. Short frames, the common case, are moved with a few overlapping
/// vector loads and stores in place of a call.</summary>
public static class PacketCopy
{
    // The shortest buffer there is (RegionLayout), and the longest frame that is short.
    private const uint SmallestBuffer = 64;

    /// <summary>True for the lengths of <see cref="TryCopyShort"/>: 32 to 64 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsShort(uint length) => length - 32 <= 32;

    /// <summary>Copies a frame.</summary>
    /// <param name="source">The sender's buffers.</param>
    /// <param name="frame">Which of them, and how many bytes: a copy of its slot, which nobody changes
    /// meanwhile.</param>
    /// <param name="target">The receiver's buffers.</param>
    /// <param name="to">Which of them.</param>
    /// <returns>False when one of the buffers is not there or is shorter: nothing was copied.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe bool TryCopy(BufferPoolView source, SlotWord frame, BufferPoolView target, uint to)
    {
        if (!target.IsValid(to) || !source.IsValid(frame) || frame.Length > target.BufferSize)
        {
            return false;
        }

        if (!TryCopyShort(source, frame, target, to))
        {
            Unsafe.CopyBlockUnaligned(target.Address(to), source.Address(frame.BufferIndex), frame.Length);
        }

        return true;
    }

    /// <summary>The same for a frame that <see cref="IsShort"/>; false for any other. There is no call in it, so a loop
    /// that copies only such frames keeps everything in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe bool TryCopyShort(BufferPoolView source, SlotWord frame, BufferPoolView target, uint to)
    {
        // No buffer is shorter than such a frame.
        uint length = frame.Length;
        if (!IsShort(length) || !target.IsValid(to) || !source.IsValid(frame.BufferIndex))
        {
            return false;
        }

        byte* src = source.Address(frame.BufferIndex);
        byte* dst = target.Address(to);
        Vector256<byte> first = Vector256.Load(src);
        Vector256<byte> last = Vector256.Load(src + length - 32);
        first.Store(dst);
        last.Store(dst + length - 32);
        return true;
    }

    /// <summary>The first 16 bytes of a frame, in one load: Ethernet addresses and type. The buffer is at least 64
    /// bytes long, whatever the frame's length.</summary>
    /// <param name="pool">The buffers.</param>
    /// <param name="index">Which of them.</param>
    /// <param name="offset">Where the frame begins, 0 to 48.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such buffer, or the head does not lie in
    /// it.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe EthernetHead ReadHead(BufferPoolView pool, uint index, uint offset = 0)
    {
        if (!pool.IsValid(index) || offset > SmallestBuffer - 16)
        {
            ThrowNoHead(index, offset);
        }

        byte* head = pool.Address(index) + offset;
        return new EthernetHead(Unsafe.ReadUnaligned<ulong>(head), Unsafe.ReadUnaligned<ulong>(head + 8));
    }

    private static void ThrowNoHead(uint index, uint offset) => throw new ArgumentOutOfRangeException(
        nameof(index), index, $"no buffer has this index and a head at {offset}");
}
