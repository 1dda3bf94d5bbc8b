using Ptnetmap.Memory;

namespace Ptnetmap.Benchmarks.Operations;

/// <summary>Copies frames from the buffers of one region to those of another, as a switch does. More buffers than a
/// first level cache holds, so that it is not the same lines over and over.</summary>
public sealed class CopyOperation : IOperation
{
    private readonly MemoryRegion _from = Beds.Region();
    private readonly MemoryRegion _to = Beds.Region();
    private readonly ushort _length;
    private uint _next = NetmapAbi.FirstBuffer;

    public CopyOperation(int frame) => _length = (ushort)frame;

    public string Name => "copy";

    public int Run()
    {
        BufferPoolView from = _from.Buffers;
        BufferPoolView to = _to.Buffers;
        uint first = _next;
        for (uint i = 0; i < IOperation.Batch; i++)
        {
            _ = PacketCopy.TryCopy(from, new SlotWord(first + i, _length, SlotFlags.None), to, first + i);
        }

        _next = first + (2 * IOperation.Batch) >= from.Count ? NetmapAbi.FirstBuffer : first + IOperation.Batch;
        return IOperation.Batch;
    }

    public void Dispose()
    {
        _from.Dispose();
        _to.Dispose();
    }
}
