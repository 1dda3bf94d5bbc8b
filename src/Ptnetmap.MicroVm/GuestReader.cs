using System.Runtime.InteropServices;
using Ptnetmap.MicroVm.Image;

namespace Ptnetmap.MicroVm;

/// <summary>Reads what a guest writes while it runs.</summary>
internal static class GuestReader
{
    internal static MicroVmCounters Counters(GuestMemory memory) => new(
        Read(memory, ControlBlock.Packets),
        Read(memory, ControlBlock.Bytes),
        Read(memory, ControlBlock.Batches),
        Read(memory, ControlBlock.Kicks),
        Read(memory, ControlBlock.Waits),
        Read(memory, ControlBlock.Sleeps),
        Read(memory, ControlBlock.Lost),
        Read(memory, ControlBlock.Duplicated),
        Read(memory, ControlBlock.Reordered),
        Read(memory, ControlBlock.Damaged),
        Read(memory, ControlBlock.Found),
        Read(memory, ControlBlock.Probed));

    internal static long Ticks(GuestMemory memory)
    {
        long end = Read(memory, ControlBlock.EndTicks);
        return end == 0 ? 0 : end - Read(memory, ControlBlock.StartTicks);
    }

    internal static void Histogram(GuestMemory memory, Span<long> buckets)
    {
        Span<long> source = MemoryMarshal.Cast<byte, long>(memory.Bytes(GuestMap.Histogram));
        int most = (int)(GuestMap.RingTable - GuestMap.Histogram) / sizeof(long);
        source[..Math.Min(buckets.Length, most)].CopyTo(buckets);
    }

    private static long Read(GuestMemory memory, int offset) => (long)Volatile.Read(ref memory.Control(offset));
}
