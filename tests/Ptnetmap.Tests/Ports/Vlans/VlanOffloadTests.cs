using Ptnetmap.Ports.Switching;
using Ptnetmap.Tests.Ports.Offloads;
using Ptnetmap.Tests.Ports.Switching;

namespace Ptnetmap.Tests.Ports.Vlans;

/// <summary>Large packets of TCP and UDP between access ports and trunks, with virtio-net headers and
/// without.</summary>
public sealed class VlanOffloadTests : IDisposable
{
    private const int SegmentSize = 500;

    private readonly SwitchBed _bed = new();
    private readonly byte[] _payload = [.. Enumerable.Range(0, 2300).Select(i => (byte)(i * 7))];

    public void Dispose() => _bed.Dispose();

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void Segments_of_an_access_ports_packet_are_tagged_and_sound_on_a_trunk(bool tcp, bool v4)
    {
        (BedPort access, BedPort trunk) = (Add(PortVlans.Access(5), VnetHeader.Length), Add(Trunk(), 0));
        var untagged = new TestShape { IsTcp = tcp, IsV4 = v4 };
        Send(access, TestPackets.With(TestPackets.Header(untagged, SegmentSize), TestPackets.Make(untagged, _payload)));

        Check(trunk.Take(), untagged with { Tags = 1 });
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void Segments_of_a_trunks_packet_lose_their_tag_and_are_sound_on_an_access_port(bool tcp, bool v4)
    {
        (BedPort trunk, BedPort access) = (Add(Trunk(), VnetHeader.Length), Add(PortVlans.Access(5), 0));
        var tagged = new TestShape { IsTcp = tcp, IsV4 = v4, Tags = 1 };
        Send(trunk, TestPackets.With(TestPackets.Header(tagged, SegmentSize), TestPackets.Make(tagged, _payload)));

        Check(access.Take(), tagged with { Tags = 0 });
    }

    [Fact]
    public void A_header_that_stays_is_the_one_that_a_sender_with_the_receivers_tags_would_write()
    {
        (BedPort access, BedPort trunk) =
            (Add(PortVlans.Access(5), VnetHeader.Length), Add(Trunk(), VnetHeader.Length));
        var untagged = new TestShape();
        TestShape tagged = untagged with { Tags = 1 };
        byte[] without =
            TestPackets.With(TestPackets.Header(untagged, SegmentSize), TestPackets.Make(untagged, _payload));
        byte[] with = TestPackets.With(TestPackets.Header(tagged, SegmentSize), TestPackets.Make(tagged, _payload));

        Send(access, without);
        Assert.Equal(Convert.ToHexString(with), Assert.Single(trunk.Take()).Hex);
        Send(trunk, with);
        Assert.Equal(Convert.ToHexString(without), Assert.Single(access.Take()).Hex);
    }

    private static PortVlans Trunk() => PortVlans.Trunk([new VlanRange(5, 6)]);

    private BedPort Add(PortVlans vlans, int headerLength) =>
        _bed.Add(slots: 100, headerLength: headerLength, vlans: vlans);

    private static void Send(BedPort port, byte[] packet)
    {
        port.PutFragments(packet, [.. packet.Chunk(2112).Select(chunk => chunk.Length)]);
        _ = port.Sync();
    }

    private void Check(List<Received> segments, TestShape shape)
    {
        Assert.Equal((_payload.Length + SegmentSize - 1) / SegmentSize, segments.Count);
        Assert.All(segments, segment => Assert.True(TestPackets.HasGoodChecksums(shape, segment.Bytes)));
        Assert.All(segments, segment => Assert.Equal(
            Convert.ToHexString(TestPackets.Make(shape, [])[..(shape.NetworkOffset)]),
            segment.Hex[..(2 * shape.NetworkOffset)]));
        Assert.Equal(_payload, segments.SelectMany(segment => segment.Bytes[shape.HeaderLength..]));
    }
}
