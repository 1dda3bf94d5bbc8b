using Ptnetmap.Memory;
using Ptnetmap.Ports.Rings;
using Ptnetmap.Ports.Switching;

namespace Ptnetmap.Benchmarks.Operations;

/// <summary>Sends through a VALE switch from one port to another, each in a region of its own: lookup, learning,
/// copy.</summary>
public sealed class ForwardOperation : IOperation
{
    private readonly MemoryRegion _from = Beds.Region();
    private readonly MemoryRegion _to = Beds.Region();
    private readonly ValePort _sender;
    private readonly ValePort _receiver;

    public ForwardOperation(int frame)
    {
        var quiescence = new Quiescence();
        ValeSwitch vale = ValeSwitch.Create("vale0");
        _sender = ValePort.Create(vale, "sender", _from, Beds.Shape, quiescence);
        _receiver = ValePort.Create(vale, "receiver", _to, Beds.Shape, quiescence);
        _sender.RxRings[0].SetClient(new GreedyClient());
        _receiver.RxRings[0].SetClient(new GreedyClient());

        // The switch learns where the receiver is from a batch that the receiver sends.
        Beds.FillFrames(_receiver.TxRings[0], _to, frame, source: 2, destination: 1);
        Beds.FillFrames(_sender.TxRings[0], _from, frame, source: 1, destination: 2);
        _ = Beds.Send(_receiver, _receiver.TxRings[0]);
    }

    public string Name => "forward";

    public int Run() => Beds.Send(_sender, _sender.TxRings[0]);

    public void Dispose()
    {
        _sender.RxRings[0].SetClient(null);
        _receiver.RxRings[0].SetClient(null);
        _sender.Dispose();
        _receiver.Dispose();
        _from.Dispose();
        _to.Dispose();
    }
}
