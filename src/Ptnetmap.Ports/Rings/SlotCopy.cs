using System.Diagnostics;
using Ptnetmap.Memory;

namespace Ptnetmap.Ports.Rings;

/// <summary>Lays packets of one slot each into receive slots that are the writer's, as they are, from a pool whose
/// buffers are no larger: the common case of a switch, and the quickest.</summary>
internal static class SlotCopy
{
    // Far enough ahead that the receiver's line is here when it is written; not so far that it is gone again.
    private const int PrefetchDistance = 12;

    /// <summary>Copies packets, and counts the bytes of those that arrived.</summary>
    /// <param name="source">The sender's slots, as they were checked: each names a buffer of its pool, and no more than
    /// that holds.</param>
    /// <param name="from">Their pool.</param>
    /// <param name="rx">The receiver's ring.</param>
    /// <param name="at">The first of as many slots of it, which are the writer's.</param>
    /// <param name="bytes">What is counted.</param>
    /// <returns>Packets that did not arrive, because the receiver had overwritten their slots.</returns>
    public static int Copy(ReadOnlySpan<SlotWord> source, BufferPoolView from, Kring rx, uint at, ref long bytes)
    {
        Debug.Assert(from.BufferSize <= rx.Buffers.BufferSize,
            "what fits into the sender's buffers fits into the receiver's");
        Span<NetmapSlot> target = rx.Ring.Run(at, (uint)source.Length);
        int bad = CopyRun(source[..target.Length], target, from, rx.Buffers, ref bytes);
        return target.Length == source.Length
            ? bad
            : bad + CopyRun(source[target.Length..], rx.Ring.Run(0, (uint)(source.Length - target.Length)), from,
                rx.Buffers, ref bytes);
    }

    // Short frames and others take turns in two loops: one with a call in it would spill what the short ones need.
    private static int CopyRun(
        ReadOnlySpan<SlotWord> source, Span<NetmapSlot> target, BufferPoolView from, BufferPoolView to, ref long bytes)
    {
        int bad = 0;
        int done = 0;
        while (done < source.Length)
        {
            int copied = CopyShort(source[done..], target[done..], from, to, ref bytes);
            done += copied;
            if (done < source.Length)
            {
                done += CopyOther(source[done..], target[done..], from, to, ref bytes, ref bad);
            }
        }

        return bad;
    }

    // Copies up to the first frame that is not short, or whose receive slot is spoiled.
    private static int CopyShort(
        ReadOnlySpan<SlotWord> source, Span<NetmapSlot> target, BufferPoolView from, BufferPoolView to, ref long bytes)
    {
        long copied = 0;
        int i = 0;
        for (; i < source.Length && i < target.Length; i++)
        {
            int ahead = i + PrefetchDistance;
            if (ahead < target.Length)
            {
                to.Prefetch(target[ahead].BufferIndex);
            }

            SlotWord word = source[i];
            uint index = target[i].BufferIndex;
            if (!PacketCopy.TryCopyShort(from, word, to, index))
            {
                break;
            }

            target[i].Word = SlotWord.Received(index, word.Length);
            copied += word.Length;
        }

        bytes += copied;
        return i;
    }

    // Copies one frame at least, and on to the next short one. A receiver that overwrote the index of a slot that was
    // not its own gets an empty slot there: the others' order stays, and no other memory is touched.
    private static int CopyOther(
        ReadOnlySpan<SlotWord> source,
        Span<NetmapSlot> target,
        BufferPoolView from,
        BufferPoolView to,
        ref long bytes,
        ref int bad)
    {
        int i = 0;
        do
        {
            int ahead = i + PrefetchDistance;
            if (ahead < target.Length)
            {
                to.Prefetch(target[ahead].BufferIndex);
            }

            SlotWord word = source[i];
            uint index = target[i].BufferIndex;
            Debug.Assert(from.IsValid(word), "the sender's slots were checked when they were sorted");
            if (PacketCopy.TryCopy(from, word, to, index))
            {
                target[i].Word = SlotWord.Received(index, word.Length);
                bytes += word.Length;
            }
            else
            {
                target[i].Word = SlotWord.Received(index, 0);
                bad++;
            }

            i++;
        }
        while (i < source.Length && i < target.Length && !PacketCopy.IsShort(source[i].Length));
        return i;
    }
}
