using Ptnetmap.Memory;
using Ptnetmap.Ports;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Benchmarks.Operations;

/// <summary>What the operations work on.</summary>
internal static class Beds
{
    private const int Slots = 1024;

    internal static PortShape Shape { get; } = PortShape.Symmetric(1, Slots);

    internal static MemoryRegion Region() =>
        MemoryRegion.Create(new RegionRequest { Name = "bench", Ports = 2, Slots = Slots });

    /// <summary>Gives every slot of a ring a length; their buffers may hold anything.</summary>
    internal static void FillLengths(Kring ring, int length)
    {
        foreach (ref NetmapSlot slot in ring.Ring.Slots)
        {
            slot.Length = (ushort)length;
        }
    }

    /// <summary>Writes a frame into every slot's buffer.</summary>
    internal static void FillFrames(Kring ring, MemoryRegion region, int length, byte source, byte destination)
    {
        FillLengths(ring, length);
        foreach (ref NetmapSlot slot in ring.Ring.Slots)
        {
            Span<byte> frame = region.Buffers[slot.BufferIndex];
            ((ReadOnlySpan<byte>)[2, 0, 0, 0, 0, destination, 2, 0, 0, 0, 0, source, 0x88, 0xB5]).CopyTo(frame);
        }
    }

    /// <summary>The user hands over a batch, and the port sends it.</summary>
    /// <returns>Packets that the port moved.</returns>
    internal static int Send(Port port, Kring tx)
    {
        long before = tx.Counters.Packets;
        uint head = tx.Ring.Advance(tx.Head, IOperation.Batch);
        _ = tx.TryAdvance(head, head);
        _ = port.TxSync(tx, IOperation.Batch);
        return (int)(tx.Counters.Packets - before);
    }
}
