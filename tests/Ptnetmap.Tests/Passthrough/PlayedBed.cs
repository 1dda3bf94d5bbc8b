using Ptnetmap.Memory;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Tests.Passthrough;

/// <summary>Workers, and ports whose passes do what a test says, with guests of which a test publishes the
/// pointers.</summary>
internal sealed class PlayedBed : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    internal PlayedBed(TimeSpan? patience = null, int workers = 1, int rings = 2)
    {
        Quiescence = new Quiescence(patience);
        Workers = new WorkerPool(workers);
        Region = MemoryRegion.Create(new RegionRequest
        {
            Ports = 2,
            RingPairs = rings,
            Slots = 64,
            BufferSize = 128,
            HugePages = HugePagePolicy.Off,
        });
        Port = new PlayedPort("vale0:a", Region, Quiescence, rings);
    }

    internal Quiescence Quiescence { get; }

    internal WorkerPool Workers { get; }

    internal MemoryRegion Region { get; }

    internal PlayedPort Port { get; }

    internal static void Await(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, Patience), "in vain");

    internal GuestAttachment Attach(PlayedPort? port = null) =>
        GuestAttachment.Attach(port ?? Port, Workers, NotificationPolicy.Sleep, Quiescence);

    /// <summary>Hands over the slots of a transmit ring before <paramref name="head"/>, and kicks.</summary>
    internal static void Send(GuestAttachment guest, int ring, uint head)
    {
        guest.Csb.Guest(ring).WriteCurHeadRelease(head, head);
        guest.Kicks[ring].Signal();
    }

    public void Dispose()
    {
        Port.Dispose();
        Workers.Dispose();
        Region.Dispose();
    }
}
