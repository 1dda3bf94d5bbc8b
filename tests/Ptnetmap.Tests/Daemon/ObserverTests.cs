using Ptnetmap.Daemon.Hosting;
using Ptnetmap.Daemon.Observing;
using Ptnetmap.Daemon.Running;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Tests.Daemon;

public class ObserverTests
{
    [Fact]
    public async Task A_guest_that_misbehaves_is_named_with_its_port_and_what_it_did_but_not_again_and_again()
    {
        await using DaemonBed bed = await DaemonBed.Start();
        _ = await bed.Post("/v1/ports", """{"name":"vale0:a","slots":64}""");
        _ = await bed.Post("/v1/ports", """{"name":"vale0:good","slots":64}""");
        ServedPort port = bed.Inventory.FindPort("vale0:a");
        var clock = new HandClock();
        using var observer = new GuestObserver(bed.Inventory, bed.Log, clock);
        Assert.False(observer.Look());

        port.Port.RxRings[0].Counters.Violations += 3;
        port.Port.TxRings[0].Counters.Drops.Add(DropReason.BadBufferIndex, 2);
        port.Port.TxRings[0].Counters.Drops.Add(DropReason.NoSpace, 100);
        Assert.False(observer.Look());
        string line = Assert.Single(bed.Log.With("misbehaves"));
        Assert.Contains("Warning: port vale0:a: its guest (qemu)", line, StringComparison.Ordinal);
        Assert.Contains("3 ring pointers", line, StringComparison.Ordinal);
        Assert.Contains("2 slots without", line, StringComparison.Ordinal);

        port.Port.TxRings[0].Counters.Drops.Add(DropReason.BadLength, 5);
        Assert.True(observer.Look(), "it is still to be told");
        Assert.Single(bed.Log.With("misbehaves"));
        clock.Advance(GuestObserver.Quiet);
        Assert.False(observer.Look());
        Assert.Contains("5 packets of impossible length; 10 in all", bed.Log.With("misbehaves").Last(),
            StringComparison.Ordinal);
        clock.Advance(GuestObserver.Quiet);
        Assert.False(observer.Look());
        Assert.Equal(2, bed.Log.With("misbehaves").Count());
    }

    [Fact]
    public async Task It_goes_on_looking_only_while_somebody_is_attached()
    {
        await using DaemonBed bed = await DaemonBed.Start();
        _ = await bed.Post("/v1/ports", """{"name":"vale0:a","slots":64,"guest":{"program":"receive"}}""");
        using var observer = new GuestObserver(bed.Inventory, bed.Log, new HandClock());

        Assert.True(observer.Look());
        _ = await bed.Post("/v1/ports/vale0:a/detach");
        Assert.False(observer.Look());
    }

    [Fact]
    public void A_rate_limit_counts_what_it_passes_over()
    {
        var clock = new HandClock();
        var limit = new RateLimit(2, TimeSpan.FromSeconds(10), clock);

        bool[] passed = [.. Enumerable.Range(0, 5).Select(_ => limit.TryPass(out long _))];
        Assert.Equal([true, true, false, false, false], passed);
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.True(limit.TryPass(out long passedOver));
        Assert.Equal(3, passedOver);
        Assert.True(limit.TryPass(out passedOver));
        Assert.Equal(0, passedOver);
    }
}
