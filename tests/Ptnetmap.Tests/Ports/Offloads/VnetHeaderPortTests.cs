using Ptnetmap.Memory;
using Ptnetmap.Ports.Pipes;
using Ptnetmap.Ports.Rings;
using Ptnetmap.Tests.Ports.Switching;

namespace Ptnetmap.Tests.Ports.Offloads;

/// <summary>Ports with and without virtio-net headers on one switch: who gets what, and when the length can
/// change.</summary>
public class VnetHeaderPortTests
{
    private static readonly byte[] Empty = new byte[VnetHeader.Length];
    private static readonly TestShape Shape = new();

    [Fact]
    public void Between_two_ports_with_headers_a_64_KB_packet_goes_as_it_is()
    {
        using var bed = new OffloadBed();
        BedPort other = bed.Add(VnetHeader.Length);
        other.Put([.. Empty, .. Frame.Make(Frame.Everyone, 30)]);
        other.Sync();
        byte[] payload = new byte[65_000];
        new Random(1).NextBytes(payload);
        byte[] packet = TestPackets.With(TestPackets.Header(Shape, 1448), TestPackets.Make(Shape, payload, to: 30));
        bed.Send(packet);

        Received got = Assert.Single(other.Take());
        Assert.Equal(packet, got.Bytes);
        Assert.Equal(31, got.Fragments.Length);
        Assert.Equal(packet.Length - VnetHeader.Length, other.Port.RxRings[0].Counters.Bytes);
        Assert.Single(bed.Plain.Take());
        Assert.Empty(bed.Plain.Take());
    }

    [Fact]
    public void Small_frames_between_ports_with_headers_are_looked_up_behind_them()
    {
        using var bed = new OffloadBed();
        BedPort other = bed.Add(VnetHeader.Length);
        BedPort third = bed.Add(VnetHeader.Length);
        byte[] mark = [0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
        other.Put([.. mark, .. Frame.Make(20, 30)]);
        other.Sync();
        _ = third.Take();
        for (int i = 0; i < 50; i++)
        {
            bed.Offloading.Put([.. mark, .. Frame.Make(30, 10, 60, seed: i)]);
        }

        bed.Offloading.Sync();

        List<Received> got = other.Take();
        Assert.Equal(50, got.Count);
        Assert.All(got, (one, i) => Assert.Equal([.. mark, .. Frame.Make(30, 10, 60, seed: i)], one.Bytes));
        Assert.Equal(50 * 60, other.Port.RxRings[0].Counters.Bytes);
        Assert.Equal(50 * 60, bed.Offloading.Port.TxRings[0].Counters.Bytes);
        Assert.Empty(third.Take());
    }

    [Fact]
    public void A_flood_reaches_ports_of_both_kinds_each_in_its_own_way()
    {
        using var bed = new OffloadBed(plainBufferSize: 512);
        BedPort other = bed.Add(VnetHeader.Length, bufferSize: 1024);
        BedPort unattached = bed.Add(0);
        unattached.Port.RxRings[0].SetClient(null);
        byte[] payload = [.. Enumerable.Range(0, 3000).Select(i => (byte)i)];
        byte[] small = [.. Empty, .. Frame.Make(77, 10, 60)];
        byte[] large = TestPackets.With(TestPackets.Header(Shape, 1000), TestPackets.Make(Shape, payload, to: 77));
        bed.Offloading.Put(small);
        bed.Offloading.PutFragments(large, [2112, large.Length - 2112]);
        bed.Offloading.Put(small);
        bed.Offloading.Sync();

        Assert.Equal([60, 1054, 1054, 1054, 60], bed.Plain.Take().Select(one => one.Bytes.Length));
        Assert.Equal([72, large.Length, 72], other.Take().Select(one => one.Bytes.Length));
        Assert.Equal(3, bed.Offloading.Drops(DropReason.NoReceiver));
        Assert.Equal(3, bed.Offloading.Port.TxRings[0].Counters.Packets);
        Assert.Equal(3, bed.Offloading.Port.TxRings[0].Counters.Drops.Total);
    }

    [Theory]
    [InlineData(60, 72)]
    [InlineData(2100, 2112)]
    [InlineData(2112, 2124)]
    public void From_a_port_without_an_empty_header_comes_before(int length, int expected)
    {
        using var bed = new OffloadBed();
        byte[] frame = Frame.Make(10, 20, length, seed: 4);
        bed.Plain.Put(frame);
        bed.Plain.Sync();
        Received got = Assert.Single(bed.Offloading.Take());
        Assert.Equal([.. Empty, .. frame], got.Bytes);
        Assert.Equal(expected > 2112 ? 2 : 1, got.Fragments.Length);
        Assert.Equal(length, bed.Offloading.Port.RxRings[0].Counters.Bytes);
    }

    [Fact]
    public void Fragments_are_laid_out_anew_when_a_header_is_put_before_or_left_out()
    {
        using var bed = new OffloadBed(plainBufferSize: 256);
        byte[] frame = Frame.Make(10, 20, 700, seed: 4);
        bed.Plain.PutFragments(frame, [14, 0, 240, 190, 256]);
        bed.Plain.Sync();
        Assert.Equal([712], Assert.Single(bed.Offloading.Take()).Fragments);

        byte[] back = [.. Empty, .. Frame.Make(20, 10, 700, seed: 5)];
        bed.Offloading.PutFragments(back, [26, 100, 586]);
        bed.Offloading.Sync();
        Received got = Assert.Single(bed.Plain.Take());
        Assert.Equal([256, 256, 188], got.Fragments);
        Assert.Equal(back[12..], got.Bytes);
    }

    [Fact]
    public void The_length_changes_only_without_a_guest_and_takes_what_was_left_with_it()
    {
        using var bed = new OffloadBed();
        bed.Offloading.Put([.. Empty, .. Frame.Make(20, 10)]);
        bed.Offloading.Put([.. Empty, .. Frame.Make(20, 10)]);
        bed.Plain.Put(Frame.Make(10, 20));
        bed.Plain.Sync();
        var port = bed.Offloading.Port;
        Assert.Contains("guest", Assert.Throws<InvalidOperationException>(() => port.SetVnetHeaderLength(0)).Message,
            StringComparison.Ordinal);

        port.SetVnetHeaderLength(12);
        Assert.Equal(2u, port.TxRings[0].Pending);
        port.RxRings[0].SetClient(null);
        port.SetVnetHeaderLength(0);

        Assert.Equal(0u, port.TxRings[0].Pending);
        Assert.Equal(2, bed.Offloading.Drops(DropReason.BadOffload));
        Assert.Equal(port.RxRings[0].HwTail, port.RxRings[0].Head);
        Assert.Equal(1, port.RxRings[0].Counters.Drops.Of(DropReason.BadOffload));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(500)]
    [InlineData(-1)]
    public void A_pass_allocates_nothing(int segmentSize)
    {
        using var bed = new OffloadBed(plainBufferSize: 256);
        BedPort other = bed.Add(VnetHeader.Length);
        byte[] frame = TestPackets.Make(Shape, new byte[1400], to: 77);
        byte[] packet = segmentSize < 0
            ? [.. Empty, .. frame]
            : TestPackets.With(TestPackets.Header(Shape, segmentSize), frame);
        _ = Rounds(5);

        Assert.Equal(0, Rounds(300));
        Assert.Equal(0, bed.Offloading.Port.TxRings[0].Counters.Drops.Total);

        long Rounds(int count)
        {
            long allocated = 0;
            for (int i = 0; i < count; i++)
            {
                bed.Offloading.Put(packet);
                bed.Plain.Put(frame.AsSpan(0, 200));
                long before = GC.GetAllocatedBytesForCurrentThread();
                bed.Offloading.Sync();
                bed.Plain.Sync();
                allocated += GC.GetAllocatedBytesForCurrentThread() - before;
                foreach (BedPort port in (ReadOnlySpan<BedPort>)[bed.Offloading, bed.Plain, other])
                {
                    port.Clients[0].Head = port.Clients[0].Tail;
                }
            }

            return allocated;
        }
    }

    [Theory]
    [InlineData(10)]
    [InlineData(-12)]
    [InlineData(13)]
    public void Other_lengths_are_refused(int length)
    {
        using var bed = new OffloadBed();
        bed.Plain.Port.RxRings[0].SetClient(null);
        Assert.Throws<ArgumentOutOfRangeException>(() => bed.Plain.Port.SetVnetHeaderLength(length));
    }

    [Fact]
    public void A_pipe_has_none()
    {
        using MemoryRegion region =
            MemoryRegion.Create(new RegionRequest { Ports = 2, HugePages = HugePagePolicy.Off });
        (PipePort master, PipePort slave) =
            PipePort.Create("link", 0, region, region, PortShape.Symmetric(1, 64), new Quiescence());
        Assert.False(master.CanUseVnetHeader);
        Assert.Throws<ArgumentOutOfRangeException>(() => master.SetVnetHeaderLength(12));
        master.SetVnetHeaderLength(0);
        master.Dispose();
        slave.Dispose();
    }
}
