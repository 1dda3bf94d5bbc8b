using System.Net;
using System.Net.Sockets;
using Ptnetmap.HostPorts;
using Ptnetmap.HostPorts.Tap;
using Ptnetmap.Linux;
using Ptnetmap.Ports.Rings;
using Ptnetmap.Tests.Linux.Net;

namespace Ptnetmap.Tests.HostPorts;

/// <summary>TAP ports against the kernel, each in a network of its own.</summary>
public sealed class TapPortTests
{
    private const int Arp = 0x0806;
    private const int Ip = 0x0800;

    [Theory]
    [InlineData(42)]
    [InlineData(20, 22)]
    [InlineData(14, 1, 27)]
    public void The_kernel_answers_what_is_sent_whole_or_in_fragments(params int[] lengths) => OwnNetwork.Run(() =>
    {
        using var bed = new TapBed();
        Address();
        bed.Put(TapBed.Question, lengths);
        Assert.Equal(SyncStatus.Dry, bed.Send());
        byte[] answer = bed.AwaitFrame(Arp, out int slots);
        Assert.Equal(1, slots);
        Assert.Equal(TapBed.OurMac, answer[..6]);
        Assert.Equal(TapBed.KernelMac, answer[6..12]);
        Assert.Equal((1, 42, 0), (bed.Tx.Counters.Packets, bed.Tx.Counters.Bytes, bed.Tx.Counters.Drops.Total));
        Assert.True(bed.Rx.Counters.Packets > 0);
    });

    [Fact]
    public void Frames_have_a_virtio_net_header_when_the_user_wants_one() => OwnNetwork.Run(() =>
    {
        using var bed = new TapBed();
        Address();
        bed.Port.SetVnetHeaderLength(VnetHeader.Length);
        byte[] header = new byte[VnetHeader.Length];
        bed.Put([.. header, .. TapBed.Question]);
        bed.Put(header);
        Assert.Equal(SyncStatus.Dry, bed.Send());
        byte[] answer = bed.AwaitFrame(Arp, out _, VnetHeader.Length);
        Assert.Equal(TapBed.OurMac, answer[VnetHeader.Length..][..6]);
        Assert.Equal((1, 42, 1),
            (bed.Tx.Counters.Packets, bed.Tx.Counters.Bytes, bed.Tx.Counters.Drops.Of(DropReason.Runt)));

        // The kernel leaves the checksum to the reader, and says so.
        SendFromKernel(new byte[100]);
        byte[] packet = bed.AwaitFrame(Ip, out _, VnetHeader.Length);
        Assert.True(VnetHeader.Read(packet).NeedsChecksum);
        Assert.Equal(VnetHeader.Length + 142, packet.Length);

        bed.Put([VnetHeader.NeedsChecksumFlag, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, .. TapBed.Question]);
        _ = bed.Send();
        Assert.Equal(1, bed.Tx.Counters.Drops.Of(DropReason.Refused));
        bed.Port.SetVnetHeaderLength(0);
        bed.Put(TapBed.Question);
        _ = bed.Send();
        Assert.Equal(42, bed.AwaitFrame(Arp, out _).Length);
    });

    [Fact]
    public void A_packet_without_its_end_waits_for_it() => OwnNetwork.Run(() =>
    {
        using var bed = new TapBed();
        bed.PutWord(new SlotWord(bed.NextTx.BufferIndex, 40, SlotFlags.MoreFragments));
        Assert.Equal(SyncStatus.Dry, bed.Send());
        Assert.Equal(1u, bed.Tx.Pending);
        bed.PutWord(new SlotWord(bed.NextTx.BufferIndex, 40, SlotFlags.None));
        _ = bed.Send();
        Assert.Equal((0u, 1), (bed.Tx.Pending, bed.Tx.Counters.Packets));
    });

    [Fact]
    public void A_frame_that_is_longer_than_a_buffer_takes_several_slots() => OwnNetwork.Run(() =>
    {
        using var bed = new TapBed(new TapPortOptions
        {
            Interface = "ptap0",
            Slots = 128,
            Mtu = 9000,
            Mac = MacAddress.Read(TapBed.KernelMac),
        });
        Address();
        SendFromKernel(new byte[8000]);
        byte[] frame = bed.AwaitFrame(Ip, out int slots);
        Assert.Equal((8000 + 8 + 20 + 14, 4), (frame.Length, slots));
        Assert.Equal(9000, bed.Port.Describe().Mtu);
    });

    [Fact]
    public void A_frame_beyond_an_mtu_that_grew_is_counted_and_the_next_one_fits() => OwnNetwork.Run(() =>
    {
        using var bed = new TapBed();
        Address();
        OwnNetwork.Ip("link", "set", "ptap0", "mtu", "9000");
        SendFromKernel(new byte[8000]);
        SendFromKernel(new byte[7000]);
        Assert.Equal(7000 + 8 + 20 + 14, bed.AwaitFrame(Ip, out _).Length);
        Assert.Equal(1, bed.Rx.Counters.Drops.Of(DropReason.Oversize));
    });

    [Fact]
    public void What_a_guest_does_wrong_is_dropped_by_reason_and_the_rest_is_sent() => OwnNetwork.Run(() =>
    {
        using var bed = new TapBed();
        uint buffer = bed.NextTx.BufferIndex;
        bed.PutWord(new SlotWord(bed.Region.Buffers.Count, 60, SlotFlags.None));
        bed.PutWord(new SlotWord(0, 60, SlotFlags.None));
        bed.PutWord(new SlotWord(buffer, (ushort)(bed.Region.Buffers.BufferSize + 1), SlotFlags.None));
        bed.PutWord(new SlotWord(buffer, 13, SlotFlags.None));
        bed.PutWord(new SlotWord(buffer, 0, SlotFlags.None));
        bed.PutWord(new SlotWord(buffer, 60, SlotFlags.Indirect));
        for (int i = 0; i < 100; i++)
        {
            bed.PutWord(new SlotWord(buffer, 60, i < 99 ? SlotFlags.MoreFragments : SlotFlags.None));
        }

        bed.PutWord(new SlotWord(buffer, 60, SlotFlags.None));
        Assert.Equal(SyncStatus.Dry, bed.Send());
        Assert.Equal(
            (2, 1, 2, 1, 1, 1),
            (Drops(DropReason.BadBufferIndex), Drops(DropReason.BadLength), Drops(DropReason.Runt),
                Drops(DropReason.UnsupportedFlag), Drops(DropReason.TooManyFragments), bed.Tx.Counters.Packets));
        Assert.Equal(0u, bed.Tx.Pending);

        long Drops(DropReason reason) => bed.Tx.Counters.Drops.Of(reason);
    });

    [Fact]
    public void A_ring_that_never_ends_its_packet_is_emptied() => OwnNetwork.Run(() =>
    {
        using var bed = new TapBed();
        for (int i = 0; i < 127; i++)
        {
            bed.PutWord(new SlotWord(bed.NextTx.BufferIndex, 60, SlotFlags.MoreFragments));
        }

        _ = bed.Send();
        Assert.Equal((0u, 1), (bed.Tx.Pending, bed.Tx.Counters.Drops.Of(DropReason.TooManyFragments)));
    });

    [Fact]
    public void A_slot_that_the_user_spoiled_comes_back_empty_and_the_frame_after_it() => OwnNetwork.Run(() =>
    {
        using var bed = new TapBed();
        Address();
        uint own = bed.Rx.Ring.Slots[0].BufferIndex;
        bed.Rx.Ring.Slots[0].BufferIndex = uint.MaxValue;
        SendFromKernel(new byte[100]);
        Assert.Equal(142, bed.AwaitFrame(Ip, out _).Length);
        Assert.Equal(1, bed.Rx.Counters.Violations);
        bed.Rx.Ring.Slots[0].BufferIndex = own;
    });

    [Fact]
    public void A_full_ring_leaves_frames_in_the_kernel() => OwnNetwork.Run(() =>
    {
        using var bed = new TapBed();
        Address();
        for (int i = 0; i < 200; i++)
        {
            SendFromKernel(new byte[100]);
        }

        Assert.Equal(SyncStatus.Blocked, bed.Source.RxSync(bed.Rx, 1000));
        Assert.Equal(127u, bed.Rx.Ring.Distance(bed.Rx.Head, bed.Rx.HwTail));
        _ = bed.AwaitFrame(Ip, out _);
    });

    [Fact]
    public void An_interface_that_is_down_loses_what_is_sent_and_says_so() => OwnNetwork.Run(() =>
    {
        using var bed = new TapBed();
        Assert.Equal("up", bed.Port.Describe().Link);
        OwnNetwork.Ip("link", "set", "ptap0", "down");
        bed.Put(TapBed.Question);
        _ = bed.Send();
        Assert.Equal(1, bed.Tx.Counters.Drops.Of(DropReason.LinkDown));
        Assert.Equal("down", bed.Port.Describe().Link);
        Assert.False(bed.Source.IsGone);
    });

    [Fact]
    public void An_interface_that_is_deleted_is_gone_and_nothing_breaks() => OwnNetwork.Run(() =>
    {
        using var bed = new TapBed();
        OwnNetwork.Ip("link", "del", "ptap0");
        Assert.Equal(SyncStatus.Dry, bed.Source.RxSync(bed.Rx, 10));
        Assert.True(bed.Source.IsGone);
        bed.Put(TapBed.Question);
        Assert.Equal(SyncStatus.Dry, bed.Send());
        Assert.Equal(1, bed.Tx.Counters.Drops.Of(DropReason.LinkDown));
        HostPortState state = bed.Port.Describe();
        Assert.Equal(("gone", null), (state.Link, state.Mac));
        Assert.Contains("deleted", state.Note, StringComparison.Ordinal);
    });

    [Fact]
    public void Every_queue_is_a_ring_pair() => OwnNetwork.Run(() =>
    {
        using var bed = new TapBed(new TapPortOptions { Interface = "ptap%d", Queues = 4, Slots = 128 });
        Assert.Equal((4, 4), (bed.Port.Describe().Queues, bed.Port.RxRings.Length));
        Assert.Equal(4, bed.Port.RxRings.Select(ring => bed.Port.SourceOf(ring)).Distinct().Count());
    });

    [Fact]
    public void An_interface_stays_only_when_it_is_to_persist() => OwnNetwork.Run(() =>
    {
        var options = new TapPortOptions { Interface = "ptap0", Slots = 128 };
        new TapBed(options with { Persistent = true }).Dispose();
        Assert.True(Exists("ptap0"));
        TapBed.AwaitFree();
        new TapBed(options).Dispose();

        // A program that another test starts just now has our descriptors until it is itself.
        Assert.True(SpinWait.SpinUntil(() => !Exists("ptap0"), TimeSpan.FromSeconds(60)));
    });

    [Theory]
    [InlineData("lo", "an interface lo is there and is a device's and no TAP; choose another name")]
    [InlineData("much-too-long-a-name", "1 to 15")]
    public void What_the_kernel_refuses_is_told_and_nothing_is_left(string name, string reason) => OwnNetwork.Run(() =>
    {
        var refusal = Assert.Throws<LinuxException>(() =>
            new TapBed(new TapPortOptions { Interface = name, Slots = 128 }).Dispose());
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void Passes_allocate_nothing() => OwnNetwork.Run(() =>
    {
        using var bed = new TapBed();
        Address();
        long allocated = 0;
        for (int i = 0; i < 300; i++)
        {
            bed.Put(TapBed.Question, 20, 22);
            long before = GC.GetAllocatedBytesForCurrentThread();
            _ = bed.Send();
            _ = bed.Source.RxSync(bed.Rx, 64);
            allocated += i < 100 ? 0 : GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(bed.Rx.TryAdvance(bed.Rx.HwTail, bed.Rx.HwTail));
        }

        Assert.Equal(0, allocated);
    });

    private static bool Exists(string name) => System.Net.NetworkInformation.NetworkInterface.GetAllNetworkInterfaces()
        .Any(one => string.Equals(one.Name, name, StringComparison.Ordinal));

    private static void Address()
    {
        OwnNetwork.Ip("addr", "add", "192.168.7.1/24", "dev", "ptap0");
        OwnNetwork.Ip("neigh", "replace", "192.168.7.9", "lladdr", "02:00:00:00:00:01", "dev", "ptap0");
    }

    private static void SendFromKernel(byte[] payload)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        _ = socket.SendTo(payload, new IPEndPoint(IPAddress.Parse("192.168.7.9"), 9));
    }
}
