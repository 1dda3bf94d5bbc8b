using Ptnetmap.Memory;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Tests.Passthrough;

/// <summary>A port with packets from outside, and a guest played by hand.</summary>
internal sealed class SourceBed : IDisposable
{
    private readonly MemoryRegion _region;
    private readonly Quiescence _quiescence = new();
    private readonly NotificationPolicy _policy;

    internal SourceBed(NotificationPolicy? policy = null, int slots = 64, int workers = 1)
    {
        _policy = policy ?? NotificationPolicy.Sleep;
        Workers = new WorkerPool(workers);
        _region =
            MemoryRegion.Create(new RegionRequest { Slots = slots, BufferSize = 128, HugePages = HugePagePolicy.Off });
        Port = new SourcePort(_region, slots, _quiescence);
        Guest = Attach();
    }

    internal WorkerPool Workers { get; }

    internal SourcePort Port { get; }

    internal QueueSource Source => Port.Source;

    internal HandGuest Guest { get; private set; }

    internal Kring Rx => Port.RxRings[0];

    internal void Reattach()
    {
        Guest.Attachment.Dispose();
        Guest = Attach();
    }

    /// <summary>Waits until the loop has armed its source and sleeps.</summary>
    internal void AwaitAsleep() => Await(() =>
        Rx.Client is SyncLoop { IsRunning: false } && Rx.Counters.Sleeps > 0 && Source.Waiting == 0);

    internal static void Await(Func<bool> condition) =>
        Assert.True(SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(60)));

    public void Dispose()
    {
        Guest.Attachment.Dispose();
        Port.Dispose();
        Workers.Dispose();
        _region.Dispose();
    }

    private HandGuest Attach() => new(GuestAttachment.Attach(Port, Workers, _policy, _quiescence));
}
