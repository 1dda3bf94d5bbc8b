using System.Buffers.Binary;
using CsCheck;
using Ptnetmap.Ports.Rings;
using Ptnetmap.Tests.Ports.Switching;

namespace Ptnetmap.Tests.Ports.Offloads;

/// <summary>Large packets on the way from a port with virtio-net headers to one without, against what TCP and UDP say
/// of their segments.</summary>
public class SegmentationTests
{
    private static readonly Gen<TestShape> Shapes =
        from v4 in Gen.Bool
        from tcp in Gen.Bool
        from tags in Gen.Int[0, 2]
        from ipOptions in Gen.Int[0, 10]
        from tcpOptions in Gen.Int[0, 10]
        from flags in Gen.Byte
        from sequence in Gen.UInt
        from identification in Gen.UShort
        select new TestShape
        {
            IsV4 = v4,
            IsTcp = tcp,
            Tags = tags,
            IpOptions = 4 * ipOptions,
            TcpOptions = 4 * tcpOptions,
            Flags = flags,
            Sequence = sequence,
            Identification = identification,
        };

    [Fact]
    public void Segments_put_together_are_the_packet_and_each_is_sound()
    {
        Gen<(TestShape Shape, int Payload, int Size, int Seed, int Cut)> samples =
            from shape in Shapes
            from payload in Gen.Frequency((3, Gen.Int[1, 4000]), (1, Gen.Int[4000, 65_000]))
            from size in Gen.Frequency((3, Gen.Int[200, 1460]), (1, Gen.Int[1460, 9000]))
            from seed in Gen.Int
            from cut in Gen.Int[150, 2112]
            select (shape, payload, size, seed, cut);
        samples.Sample(
            sample =>
            {
                byte[] payload = new byte[Math.Min(sample.Payload, 65_535 - sample.Shape.HeaderLength)];
                new Random(sample.Seed).NextBytes(payload);
                Check(sample.Shape, payload, sample.Size, sample.Cut);
            },
            iter: 300);
    }

    [Fact]
    public void Frames_that_lack_only_their_checksum_get_it()
    {
        Gen.Select(Shapes, Gen.Byte.Array[0, 3000], Gen.Int[150, 2112]).Sample(
            (shape, payload, cut) =>
            {
                using var bed = new OffloadBed();
                byte[] frame = TestPackets.Make(shape, payload);
                bed.Send(TestPackets.With(TestPackets.Header(shape, 0), frame), cut);

                byte[] got = Assert.Single(bed.Plain.Take()).Bytes;
                Assert.True(TestPackets.HasGoodChecksums(shape, got));
                int field = shape.TransportOffset + (shape.IsTcp ? 16 : 6);
                got.AsSpan(field, 2).Clear();
                frame.AsSpan(field, 2).Clear();
                Assert.Equal(Convert.ToHexString(frame), Convert.ToHexString(got));
            },
            iter: 300);
    }

    [Fact]
    public void A_checksum_of_0_is_sent_as_its_complement()
    {
        // A payload of two bytes can bring any sum to 0xFFFF.
        using var bed = new OffloadBed();
        var shape = new TestShape { IsTcp = false };
        byte[] first = TestPackets.Make(shape, [0, 0]);
        ushort missing = (ushort)TestPackets.Checksum(first.AsSpan(shape.TransportOffset));
        byte[] frame = TestPackets.Make(shape, [(byte)(missing >> 8), (byte)missing]);
        bed.Send(TestPackets.With(TestPackets.Header(shape, 0), frame));
        byte[] got = Assert.Single(bed.Plain.Take()).Bytes;
        Assert.Equal([0xFF, 0xFF], got[(shape.TransportOffset + 6)..(shape.TransportOffset + 8)]);
    }

    private static void Check(TestShape shape, byte[] payload, int size, int cut)
    {
        using var bed = new OffloadBed();
        byte[] packet = TestPackets.Make(shape, payload);
        bed.Send(TestPackets.With(TestPackets.Header(shape, size), packet), cut);

        Received[] segments = [.. bed.Plain.Take()];
        Assert.Equal((payload.Length + size - 1) / size, segments.Length);
        var joined = new List<byte>();
        for (int i = 0; i < segments.Length; i++)
        {
            byte[] frame = segments[i].Bytes;
            bool isLast = i == segments.Length - 1;
            Assert.Equal(Math.Min(size, payload.Length - joined.Count), frame.Length - shape.HeaderLength);
            CheckNetwork(shape, frame, i);
            CheckTransport(shape, frame, joined.Count, i == 0, isLast);
            Assert.True(TestPackets.HasGoodChecksums(shape, frame), $"frame {i} of {segments.Length}");
            Assert.Equal(packet[..shape.NetworkOffset], frame[..shape.NetworkOffset]);
            joined.AddRange(frame[shape.HeaderLength..]);
        }

        Assert.Equal(payload, joined);
        Assert.Equal(1, bed.Offloading.Port.TxRings[0].Counters.Packets);
        Assert.Equal(packet.Length, bed.Offloading.Port.TxRings[0].Counters.Bytes);
        RingCounters received = bed.Plain.Port.RxRings[0].Counters;
        Assert.Equal((segments.Length, segments.Sum(one => (long)one.Bytes.Length)),
            (received.Packets, received.Bytes));
    }

    private static void CheckNetwork(TestShape shape, byte[] frame, int index)
    {
        ReadOnlySpan<byte> network = frame.AsSpan(shape.NetworkOffset);
        if (shape.IsV4)
        {
            Assert.Equal(network.Length, BinaryPrimitives.ReadUInt16BigEndian(network[2..]));
            Assert.Equal((ushort)(shape.Identification + index), BinaryPrimitives.ReadUInt16BigEndian(network[4..]));
        }
        else
        {
            Assert.Equal(network.Length - 40, BinaryPrimitives.ReadUInt16BigEndian(network[4..]));
        }
    }

    private static void CheckTransport(TestShape shape, byte[] frame, int offset, bool isFirst, bool isLast)
    {
        ReadOnlySpan<byte> transport = frame.AsSpan(shape.TransportOffset);
        if (shape.IsTcp)
        {
            Assert.Equal(shape.Sequence + (uint)offset, BinaryPrimitives.ReadUInt32BigEndian(transport[4..]));
            int cleared = (isLast ? 0 : TestPackets.Fin | TestPackets.Push) | (isFirst ? 0 : TestPackets.Cwr);
            Assert.Equal(shape.Flags & ~cleared, transport[13]);
        }
        else
        {
            Assert.Equal(transport.Length, BinaryPrimitives.ReadUInt16BigEndian(transport[4..]));
        }
    }
}
