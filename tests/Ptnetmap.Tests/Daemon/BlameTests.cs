using System.Text.Json;
using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Daemon.Observing;
using Ptnetmap.Ports.Rings;
using Ptnetmap.Tests.HostPorts;
using Ptnetmap.Tests.Ports.Offloads;
using Ptnetmap.Tests.Ports.Switching;

namespace Ptnetmap.Tests.Daemon;

/// <summary>A misdeed counts at the ring of who did it, and nobody else is named for it.</summary>
public sealed class BlameTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Ways of delivery, by the headers of both and the receiver's buffers.</summary>
    public static TheoryData<string, int, int, int> Deliveries => new()
    {
        { "plain", 0, 0, 2112 },
        { "fragments", 0, 0, 2112 },
        { "smaller buffers", 0, 0, 128 },
        { "header put before", 0, VnetHeader.Length, 2112 },
        { "header left out", VnetHeader.Length, 0, 2112 },
        { "segments", VnetHeader.Length, 0, 2112 },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Deliveries))]
    public void A_receiver_that_overwrites_slots_is_blamed_and_the_sender_is_not(
        string kind, int senders, int receivers, int bufferSize)
    {
        using var bed = new SwitchBed();
        BedPort sender = bed.Add(headerLength: senders);
        BedPort receiver = bed.Add(bufferSize: bufferSize, headerLength: receivers);
        Kring rx = receiver.Port.RxRings[0];
        uint kept = rx.Ring.Slots[0].BufferIndex;
        rx.Ring.Slots[0].BufferIndex = uint.MaxValue;
        byte[] header = new byte[senders];
        switch (kind)
        {
            case "fragments":
                sender.PutFragments(Frame.Make(20, 10, 90), [50, 40]);
                break;
            case "segments":
                sender.Put(TestPackets.With(
                    TestPackets.Header(new TestShape(), 300), TestPackets.Make(new TestShape(), new byte[300])));
                break;
            default:
                sender.Put([.. header, .. Frame.Make(20, 10)]);
                break;
        }

        sender.Put([.. header, .. Frame.Make(20, 10)]);
        _ = sender.Sync();
        rx.Ring.Slots[0].BufferIndex = kept;

        Assert.Equal(1, sender.Drops(DropReason.BadReceiverSlot));
        Assert.Equal(default, Misdeeds.Of(sender.Port.TxRings[0]));
        Assert.Equal((1, 1), (rx.Counters.Violations, rx.Counters.Packets));
        Assert.Equal("1 receive slot overwritten while not its own", Misdeeds.Of(rx).ToString());
    }

    [Fact]
    public async Task The_log_names_the_receiver()
    {
        await using DaemonBed bed = await DaemonBed.Start();
        _ = await bed.Post("/v1/ports", """{"name":"vale0:sender","slots":64}""");
        _ = await bed.Post("/v1/ports", """{"name":"vale0:receiver","slots":64}""");
        using var observer = new GuestObserver(bed.Inventory, bed.Log, new HandClock());
        bed.Inventory.FindPort("vale0:sender").Port.TxRings[0].Counters.Drops.Add(DropReason.BadReceiverSlot, 7);
        bed.Inventory.FindPort("vale0:receiver").Port.RxRings[0].Counters.AddSpoiled(7);
        _ = observer.Look();
        string line = Assert.Single(bed.Log.With("misbehaves"));
        Assert.Contains("port vale0:receiver", line, StringComparison.Ordinal);
        Assert.Contains("7 receive slots overwritten", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_guest_is_not_blamed_for_what_the_one_before_it_did()
    {
        await using DaemonBed bed = await DaemonBed.Start();
        _ = await bed.Post("/v1/ports", """{"name":"vale0:a","slots":64,"transport":"none"}""");
        Kring tx = bed.Inventory.FindPort("vale0:a").Port.TxRings[0];
        using var observer = new GuestObserver(bed.Inventory, bed.Log, new HandClock());
        tx.SetClient(new DirectClient());
        tx.Counters.Drops.Add(DropReason.BadLength, 4);
        tx.SetClient(null);
        tx.SetClient(new DirectClient());
        tx.Counters.Drops.Add(DropReason.UnsupportedFlag, 5);
        _ = observer.Look();
        tx.SetClient(null);

        Assert.EndsWith(
            "port vale0:a: a guest that is gone misbehaved: 4 packets of impossible length; 4 in all",
            Assert.Single(bed.Log.With("misbehaved")),
            StringComparison.Ordinal);
        Assert.Contains("misbehaves: 5 slots with unserved flags; 9 in all", Assert.Single(bed.Log.With("misbehaves")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_comes_over_a_bridge_is_no_guests_misdeed()
    {
        await using DaemonBed bed = await DaemonBed.Start();
        bed.Inventory.AddDomain(new DomainSettings { Name = "d", Ports = 4, Slots = 1024 });
        foreach (string name in (string[])["vale0:a", "vale1:a"])
        {
            bed.Inventory.AddPort(new PortSettings { Name = name, Domain = "d", Slots = 1024, Transport = "none" });
        }

        _ = await bed.Post("/v1/bridges", """{"left":"vale0:a","right":"vale1:a","slots":1024}""");
        using var observer = new GuestObserver(bed.Inventory, bed.Log, new HandClock());
        bed.Inventory.FindPort("vale1:a").Port.TxRings[0].Counters.Drops.Add(DropReason.Runt, 3);
        _ = observer.Look();
        Assert.Empty(bed.Log.With("misbehaves"));
        string line = Assert.Single(bed.Log.With("packets of impossible length"));
        Assert.Contains("port vale1:a, connected with vale0:a: 3 packets", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_contents_of_a_capture_are_no_guests_misdeed()
    {
        await using DaemonBed bed = await DaemonBed.Start();
        byte[][] frames = [new byte[13], new byte[60]];
        File.WriteAllBytes(_folder["in"], CaptureFile.Classic(CaptureFile.Nanoseconds, false, frames));
        string name = $"pcap:{_folder["in"]},-";
        _ = await bed.Post("/v1/ports", JsonSerializer.Serialize(
            new Dictionary<string, object> { ["name"] = name, ["transport"] = "thread", ["slots"] = 64 }));
        Kring rx = bed.Inventory.FindPort(name).Port.RxRings[0];
        Assert.True(SpinWait.SpinUntil(() => rx.Counters.Packets == 1, TimeSpan.FromSeconds(60)));
        using var observer = new GuestObserver(bed.Inventory, bed.Log, new HandClock());
        _ = observer.Look();
        Assert.Equal(1, rx.Counters.Drops.Of(DropReason.Runt));
        Assert.Empty(bed.Log.With("misbehaves"));
    }
}
