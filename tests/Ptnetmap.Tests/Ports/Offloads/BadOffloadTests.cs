using Ptnetmap.Memory;
using Ptnetmap.Ports.Rings;
using Ptnetmap.Tests.Ports.Switching;

namespace Ptnetmap.Tests.Ports.Offloads;

/// <summary>Every check of what a header says, fed the value that it is there for; good packets around it
/// arrive.</summary>
public class BadOffloadTests
{
    private static readonly TestShape V4 = new();
    private static readonly TestShape V6 = new() { IsV4 = false };
    private static readonly TestShape UdpV4 = new() { IsTcp = false };

    /// <summary>What is wrong, the packet's shape, and how it is spoiled: header, then bytes of the frame.</summary>
    private static readonly (string Fault, TestShape Shape, int Size, Func<VnetHeader, VnetHeader> Header,
        Action<byte[]> Frame)[] Faults =
        [
            ("checksum starts behind the packet", V4, 0, h => h with { ChecksumStart = 4000 }, Nothing),
            ("checksum starts at the end", V4, 0, h => h with { ChecksumStart = 2054, ChecksumOffset = 0 }, Nothing),
            ("checksum field half outside", V4, 0, h => h with { ChecksumStart = 2053, ChecksumOffset = 0 }, Nothing),
            ("checksum field behind the packet", V4, 0, h => h with { ChecksumOffset = ushort.MaxValue }, Nothing),
            ("checksum in the Ethernet header", V4, 0, h => h with { ChecksumStart = 13 }, Nothing),
            ("headers longer than the packet", V4, 0, h => h with { HeaderLength = 2055 }, Nothing),
            ("headers longer than the packet to cut", V4, 500, h => h with { HeaderLength = 2055 }, Nothing),
            ("ECN of nothing", V4, 0, h => h with { ExplicitCongestion = true }, Nothing),
            ("ECN of UDP", UdpV4, 500, h => h with { ExplicitCongestion = true }, Nothing),
            ("UFO", UdpV4, 500, h => h with { Type = SegmentationType.UdpFragments }, Nothing),
            ("a type that is none", V4, 500, h => h with { Type = (SegmentationType)2 }, Nothing),
            ("segments of 0 bytes", V4, 500, h => h with { SegmentSize = 0 }, Nothing),
            ("segments without checksum", V4, 500, h => h with { Flags = 0 }, Nothing),
            ("IPv6 said to be IPv4", V6, 500, h => h with { Type = SegmentationType.TcpV4 }, Nothing),
            ("IPv4 said to be IPv6", V4, 500, h => h with { Type = SegmentationType.TcpV6 }, Nothing),
            ("TCP said to be UDP", V4, 500, h => h with { Type = SegmentationType.Udp, ChecksumOffset = 6 }, Nothing),
            ("UDP said to be TCP", UdpV4, 500,
                h => h with { Type = SegmentationType.TcpV4, ChecksumOffset = 16 }, Nothing),
            ("checksum starts elsewhere", V4, 500, h => h with { ChecksumStart = 38 }, Nothing),
            ("checksum is stored elsewhere", V4, 500, h => h with { ChecksumOffset = 18 }, Nothing),
            ("ARP", V4, 500, Same, frame => frame[13] = 6),
            ("three tags", V4 with { Tags = 3 }, 500, Same, Nothing),
            ("IP version 5", V4, 500, Same, frame => frame[14] = 0x55),
            ("IP version 4 in IPv6", V6, 500, Same, frame => frame[14] = 0x45),
            ("IP header of 16 bytes", V4, 500, h => h with { ChecksumStart = 30 }, frame => frame[14] = 0x44),
            ("a fragment with more to come", V4, 500, Same, frame => frame[20] = 0x20),
            ("a fragment not the first", V4, 500, Same, frame => frame[21] = 1),
            ("extension headers", V6, 500, Same, frame => frame[20] = 0),
            ("TCP header of 16 bytes", V4, 500, Same, frame => frame[46] = 0x40),
        ];

    public static TheoryData<string> FaultNames => [.. Faults.Select(fault => fault.Fault)];

    [Theory]
    [MemberData(nameof(FaultNames))]
    public void A_bad_header_is_a_counted_drop(string name)
    {
        (_, TestShape shape, int size, Func<VnetHeader, VnetHeader> spoilHeader, Action<byte[]> spoilFrame) =
            Array.Find(Faults, fault => fault.Fault == name);
        using var bed = new OffloadBed();
        byte[] good = TestPackets.With(TestPackets.Header(V4, 0), TestPackets.Make(V4, [1, 2, 3]));
        byte[] frame = TestPackets.Make(shape, new byte[2000]);
        VnetHeader header = TestPackets.Header(shape, size);
        spoilFrame(frame);
        bed.Send(good);
        bed.Send(TestPackets.With(spoilHeader(header), frame));
        bed.Send(good);

        Assert.Equal(2, bed.Plain.Take().Count);
        Assert.Equal(1, bed.Offloading.Drops(DropReason.BadOffload));
        Assert.Equal(1, bed.Offloading.Port.TxRings[0].Counters.Drops.Total);
    }

    [Theory]
    [InlineData(14)]
    [InlineData(33)]
    [InlineData(52)]
    [InlineData(53)]
    public void Headers_that_are_cut_off_are_a_counted_drop(int length)
    {
        using var bed = new OffloadBed();
        byte[] frame = TestPackets.Make(V4, new byte[100])[..length];
        bed.Send(TestPackets.With(TestPackets.Header(V4, 50) with { HeaderLength = 0 }, frame));
        Assert.Empty(bed.Plain.Take());
        Assert.Equal(1, bed.Offloading.Drops(DropReason.BadOffload));
    }

    [Fact]
    public void A_header_that_is_not_in_one_piece_with_the_Ethernet_header_is_a_counted_drop()
    {
        using var bed = new OffloadBed();
        byte[] packet = [.. new byte[VnetHeader.Length], .. Frame.Make(20, 10)];
        bed.Offloading.PutFragments(packet, [4, 68]);
        bed.Offloading.PutFragments(packet, [12, 60]);
        bed.Offloading.PutFragments(packet, [25, 47]);
        bed.Offloading.Put(packet.AsSpan(0, 25));
        bed.Offloading.Put(packet.AsSpan(0, 11));
        bed.Offloading.Put([]);
        bed.Offloading.PutFragments(packet, [26, 46]);
        bed.Offloading.Sync();

        Assert.Equal(packet[12..], Assert.Single(bed.Plain.Take()).Bytes);
        Assert.Equal(3, bed.Offloading.Drops(DropReason.BadOffload));
        Assert.Equal(3, bed.Offloading.Drops(DropReason.Runt));
        Assert.Equal(6, bed.Offloading.Port.TxRings[0].Counters.Drops.Total);
    }

    [Fact]
    public void More_than_64_KB_are_not_cut()
    {
        using var bed = new OffloadBed();
        byte[] packet = TestPackets.With(TestPackets.Header(V4, 1000), TestPackets.Make(V4, new byte[66_000]));
        bed.Send(packet);
        Assert.Empty(bed.Plain.Take());
        Assert.Equal(1, bed.Offloading.Drops(DropReason.Oversize));
    }

    [Fact]
    public void A_segment_longer_than_IP_can_say_is_a_counted_drop()
    {
        using var bed = new OffloadBed();
        bed.Send(TestPackets.With(TestPackets.Header(V4, 65_535), TestPackets.Make(V4, new byte[65_500])));
        bed.Send(TestPackets.With(TestPackets.Header(V4, 65_535), TestPackets.Make(V4, new byte[65_495])));
        Assert.Equal(65_495 + 54, Assert.Single(bed.Plain.Take()).Bytes.Length);
        Assert.Equal(1, bed.Offloading.Drops(DropReason.BadOffload));
    }

    [Fact]
    public void Segments_arrive_all_or_none_and_more_than_a_ring_holds_are_oversize()
    {
        using var bed = new OffloadBed(plainSlots: 64);
        byte[] sixty = TestPackets.With(TestPackets.Header(V4, 100), TestPackets.Make(V4, new byte[6000]));
        bed.Send(sixty);
        bed.Send(sixty);
        bed.Send(TestPackets.With(TestPackets.Header(V4, 1), TestPackets.Make(V4, new byte[64])));
        bed.Send(TestPackets.With(TestPackets.Header(V4, 1), TestPackets.Make(V4, new byte[3])));

        Assert.Equal(63, bed.Plain.Take().Count);
        Assert.Equal(1, bed.Offloading.Drops(DropReason.NoSpace));
        Assert.Equal(1, bed.Offloading.Drops(DropReason.Oversize));
        Assert.Equal(2, bed.Offloading.Port.TxRings[0].Counters.Drops.Total);
    }

    [Fact]
    public void A_frame_of_more_than_64_of_the_receivers_buffers_is_oversize()
    {
        using var bed = new OffloadBed(plainBufferSize: 64);
        byte[] frame = TestPackets.Make(V4, new byte[4097 - 54]);
        bed.Send(TestPackets.With(TestPackets.Header(V4, 0), frame));
        bed.Send([.. new byte[VnetHeader.Length], .. frame]);
        bed.Send([.. new byte[VnetHeader.Length], .. frame[..4096]]);
        Assert.Equal(64, Assert.Single(bed.Plain.Take()).Fragments.Length);
        Assert.Equal(2, bed.Offloading.Drops(DropReason.Oversize));
    }

    [Fact]
    public void A_receiver_that_spoils_its_slots_gets_empty_ones_there_and_nothing_else_is_touched()
    {
        using var bed = new OffloadBed();
        RingView ring = bed.Plain.Port.RxRings[0].Ring;
        uint[] kept = [ring.Slots[1].BufferIndex, ring.Slots[4].BufferIndex];
        ring.Slots[1].BufferIndex = 0;
        ring.Slots[4].BufferIndex = uint.MaxValue;
        bed.Send(TestPackets.With(TestPackets.Header(V4, 100), TestPackets.Make(V4, new byte[300])));
        bed.Send([.. new byte[VnetHeader.Length], .. Frame.Make(20, 10)]);
        bed.Send([.. new byte[VnetHeader.Length], .. Frame.Make(20, 10)]);

        Assert.Equal(2, bed.Offloading.Drops(DropReason.BadReceiverSlot));
        Assert.Equal([154, 0, 154, 60, 0], Enumerable.Range(0, 5).Select(i => (int)ring.Slots[i].Length));
        Assert.Equal(3, bed.Plain.Port.RxRings[0].Counters.Packets);
        (ring.Slots[1].BufferIndex, ring.Slots[4].BufferIndex) = (kept[0], kept[1]);
    }

    private static VnetHeader Same(VnetHeader header) => header;

    private static void Nothing(byte[] frame)
    {
    }
}
