using Ptnetmap.Memory;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports.Pipes;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Tests.Passthrough;

/// <summary>Two pipes of one region, spliced: a guest at the one's far end, another at the other's.</summary>
internal sealed class SpliceBed : IDisposable
{
    private readonly NotificationPolicy _policy;
    private readonly (PipePort Outer, PipePort Inner) _left;
    private readonly (PipePort Inner, PipePort Outer) _right;

    internal SpliceBed(NotificationPolicy? policy = null, int slots = 64, int workers = 1)
    {
        _policy = policy ?? NotificationPolicy.Sleep;
        Workers = new WorkerPool(workers);
        Region = MemoryRegion.Create(new RegionRequest
        {
            Ports = 4,
            Slots = slots,
            BufferSize = 128,
            HugePages = HugePagePolicy.Off,
        });
        _left = PipePort.Create("left", 1, Region, Region, PortShape.Symmetric(1, slots), Quiescence);
        _right = PipePort.Create("right", 1, Region, Region, PortShape.Symmetric(1, slots), Quiescence);
        Splice = Connect();
        Left = new HandGuest(GuestAttachment.Attach(_left.Outer, Workers, _policy, Quiescence));
        Right = new HandGuest(GuestAttachment.Attach(_right.Outer, Workers, _policy, Quiescence));
    }

    internal Quiescence Quiescence { get; } = new();

    internal WorkerPool Workers { get; }

    internal MemoryRegion Region { get; }

    internal Splice Splice { get; private set; }

    internal HandGuest Left { get; }

    internal HandGuest Right { get; }

    /// <summary>The spliced ends.</summary>
    internal PipePort[] Inner => [_left.Inner, _right.Inner];

    internal IEnumerable<RingView> AllRings => new[] { _left.Outer, _left.Inner, _right.Inner, _right.Outer }
        .SelectMany(port => port.Memory.TxRings.Concat(port.Memory.RxRings));

    /// <summary>Parts the two and connects them again.</summary>
    internal void Reconnect()
    {
        Splice.Dispose();
        Splice = Connect();
    }

    public void Dispose()
    {
        Left.Attachment.Dispose();
        Right.Attachment.Dispose();
        Splice.Dispose();
        foreach (PipePort port in (ReadOnlySpan<PipePort>)[_left.Outer, _left.Inner, _right.Inner, _right.Outer])
        {
            port.Dispose();
            Assert.Equal(0, port.Memory.LostBuffers);
        }

        Workers.Dispose();
        Region.Dispose();
    }

    private Splice Connect() => Splice.Connect(_left.Inner, _right.Inner, Workers, _policy, Quiescence);
}
