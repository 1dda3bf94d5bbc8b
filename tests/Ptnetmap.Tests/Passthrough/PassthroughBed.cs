using Ptnetmap.Memory;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports.Pipes;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Tests.Passthrough;

/// <summary>Workers, a region and pipes with a guest played by hand at each end.</summary>
internal sealed class PassthroughBed : IDisposable
{
    private readonly List<PipePort> _ports = [];
    private readonly List<HandGuest> _guests = [];

    internal PassthroughBed(
        int pipes = 1,
        int slots = 64,
        int workers = 1,
        NotificationPolicy? policy = null,
        int ringPairs = 1,
        bool quiet = true)
    {
        Policy = policy ?? NotificationPolicy.Sleep;
        Workers = new WorkerPool(workers);
        Region = MemoryRegion.Create(new RegionRequest
        {
            Ports = 2 * pipes,
            Slots = slots,
            RingPairs = ringPairs,
            BufferSize = 128,
            HugePages = HugePagePolicy.Off,
        });
        for (int i = 0; i < pipes; i++)
        {
            (PipePort master, PipePort slave) =
                PipePort.Create("link", i, Region, Region, PortShape.Symmetric(ringPairs, slots), Quiescence);
            _ports.AddRange([master, slave]);
            _guests.AddRange([new HandGuest(Attach(master)), new HandGuest(Attach(slave))]);
        }

        if (quiet)
        {
            _ports.ForEach(AwaitQuiet);
        }
    }

    internal Quiescence Quiescence { get; } = new();

    internal NotificationPolicy Policy { get; }

    internal WorkerPool Workers { get; }

    internal MemoryRegion Region { get; }

    internal PipePort Port(int index) => _ports[index];

    internal HandGuest Guest(int index) => _guests[index];

    internal GuestAttachment Attach(PipePort port) => GuestAttachment.Attach(port, Workers, Policy, Quiescence);

    /// <summary>Takes a guest away and attaches a fresh one to the same port.</summary>
    internal void Reattach(int index, bool awaitQuiet = true)
    {
        _guests[index].Attachment.Dispose();
        _guests[index] = new HandGuest(Attach(_ports[index]));
        if (awaitQuiet)
        {
            AwaitQuiet(_ports[index]);
        }
    }

    public void Dispose()
    {
        _guests.ForEach(guest => guest.Attachment.Dispose());
        _ports.ForEach(port => port.Dispose());
        Workers.Dispose();
        Region.Dispose();
    }

    // A fresh attachment is looked at once by its worker. After that only kicks bring it back, so that a test that
    // assists by hand knows that the pass was its own.
    private static void AwaitQuiet(PipePort port) => Assert.True(SpinWait.SpinUntil(
        () => port.TxRings.All(ring =>
            ring.Client is SyncLoop { IsRunning: false } && ring.Counters.Sleeps + ring.Counters.Stalls > 0),
        TimeSpan.FromSeconds(60)));
}
