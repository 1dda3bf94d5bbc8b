using Ptnetmap.Memory;
using Ptnetmap.Ports.Pipes;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Benchmarks.Operations;

/// <summary>Sends through a pipe: slots are swapped, buffers stay where they are.</summary>
public sealed class SwapOperation : IOperation
{
    private readonly MemoryRegion _region = Beds.Region();
    private readonly PipePort _master;
    private readonly PipePort _slave;

    public SwapOperation(int frame)
    {
        (_master, _slave) = PipePort.Create("bench", 0, _region, _region, Beds.Shape, new Quiescence());
        _slave.RxRings[0].SetClient(new GreedyClient());
        Beds.FillLengths(_master.TxRings[0], frame);
    }

    public string Name => "swap";

    public int Run() => Beds.Send(_master, _master.TxRings[0]);

    public void Dispose()
    {
        _slave.RxRings[0].SetClient(null);
        _master.Dispose();
        _slave.Dispose();
        _region.Dispose();
    }
}
