using System.Text.Json;
using Ptnetmap.Daemon.Running;
using Ptnetmap.Daemon.Transports;
using Ptnetmap.Passthrough;
using Ptnetmap.Tests.Ports.Switching;

namespace Ptnetmap.Tests.Daemon;

/// <summary>Faults of rings and of guests of ours are told with the port's name, and cost that port only.</summary>
public class FailureTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_ring_that_a_fault_has_stopped_is_named_in_the_log_and_shown()
    {
        await using DaemonBed bed = await DaemonBed.Start();
        _ = await bed.Post("/v1/ports", """{"name":"vale0:b","slots":64}""");
        _ = await bed.Post("/v1/ports", """{"name":"vale0:c","slots":64,"guest":{"program":"receive"}}""");
        bed.Inventory.FindPort("vale0:b").Port.RxRings[0].SetClient(new FaultyClient());
        (int status, _) = await bed.Post("/v1/ports", """{"name":"vale0:a","slots":64,"guest":{"program":"send"}}""");
        Assert.Equal(201, status);

        Assert.True(SpinWait.SpinUntil(() => bed.Log.With("stands still").Any(), Patience));

        string line = Assert.Single(bed.Log.With("stands still"));
        Assert.StartsWith("Error: vale0:a ring tx0 stands still: a fault", line, StringComparison.Ordinal);
        JsonElement rings = (await bed.Get("/v1/ports/vale0:a")).GetProperty("ring_state");
        Assert.Equal("a fault", rings[0].GetProperty("failure").GetString());
        Assert.False(rings[1].TryGetProperty("failure", out _));
        bed.Inventory.FindPort("vale0:b").Port.RxRings[0].SetClient(null);
        Assert.Equal(200, (await bed.Post("/v1/ports/vale0:a/detach")).Status);
        Assert.Equal(200, (await bed.Post("/v1/ports/vale0:a/attach")).Status);
        ServedPort receiver = bed.Inventory.FindPort("vale0:c");
        long before = receiver.Transport.Guest?.Packets ?? 0;
        Assert.True(SpinWait.SpinUntil(() => receiver.Transport.Guest?.Packets > before, Patience));
        Assert.Equal(204, (await bed.Send(HttpMethod.Delete, "/v1/ports/vale0:a")).Status);
    }

    [Fact]
    public async Task A_thread_guest_that_fails_is_named_in_the_log_and_shown()
    {
        await using DaemonBed bed = await DaemonBed.Start();
        _ = await bed.Post("/v1/ports", """{"name":"vale0:a","slots":64,"guest":{"program":"receive"}}""");
        ServedPort port = bed.Inventory.FindPort("vale0:a");
        GuestAttachment guest = ((ThreadTransport)port.Transport).Attachment!;

        // A tail that is in no ring: no host of ours says that.
        guest.Csb.Host(1).WriteHwCurHwTailRelease(0, 9999);
        guest.Interrupts[1].Signal();

        Assert.True(SpinWait.SpinUntil(() => bed.Log.With("has failed").Any(), Patience));
        Assert.StartsWith(
            "Error: port vale0:a: its guest (thread) has failed: receive: ", Assert.Single(bed.Log.With("has failed")),
            StringComparison.Ordinal);
        Assert.StartsWith("receive: failed: ", port.Transport.Note, StringComparison.Ordinal);
        Assert.Equal(200, (await bed.Post("/v1/ports/vale0:a/detach")).Status);
    }
}
