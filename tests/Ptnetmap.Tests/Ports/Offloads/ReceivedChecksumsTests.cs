using System.Buffers.Binary;
using CsCheck;
using Ptnetmap.Ports.Offloads;

namespace Ptnetmap.Tests.Ports.Offloads;

/// <summary>Checksums of received frames, against what the RFCs say of them.</summary>
public class ReceivedChecksumsTests
{
    private static readonly Gen<TestShape> Shapes =
        from v4 in Gen.Bool
        from tcp in Gen.Bool
        from tags in Gen.Int[0, 2]
        from ipOptions in Gen.Int[0, 10]
        from tcpOptions in Gen.Int[0, 10]
        from flags in Gen.Byte
        select new TestShape
        {
            IsV4 = v4,
            IsTcp = tcp,
            Tags = tags,
            IpOptions = 4 * ipOptions,
            TcpOptions = 4 * tcpOptions,
            Flags = flags,
        };

    [Fact]
    public void What_a_kernel_left_undone_is_completed_and_what_is_right_is_not_touched() =>
        Gen.Select(Shapes, Gen.Byte.Array[0, 1600], Gen.Int[0, 30]).Sample((shape, payload, padding) =>
        {
            // The pseudo header's sum may be the right checksum by chance.
            byte[] open = TestPackets.Make(shape, payload);
            byte[] got = [.. open, .. Enumerable.Repeat((byte)0xA5, padding)];
            Assert.Equal((TestPackets.HasGoodChecksums(shape, open) ? 0 : 1, 0), Look(got));
            byte[] frame = got[..open.Length];
            Assert.True(TestPackets.HasGoodChecksums(shape, frame));
            Assert.Equal(Enumerable.Repeat((byte)0xA5, padding), got[open.Length..]);
            frame.AsSpan(Field(shape), 2).Clear();
            open.AsSpan(Field(shape), 2).Clear();
            Assert.Equal(open, frame);

            byte[] again = [.. got];
            Assert.Equal((0, 0), Look(again));
            Assert.Equal(got, again);
        });

    [Fact]
    public void A_wrong_checksum_is_counted_and_left_as_it_is() =>
        Gen.Select(Shapes, Gen.Byte.Array[1, 1600], Gen.Int, Gen.Int[1, 255]).Sample((shape, payload, where, change) =>
        {
            byte[] frame = TestPackets.Make(shape, payload);
            _ = Look(frame);
            int at = frame.Length - payload.Length + (int)((uint)where % (uint)payload.Length);
            frame[at] = (byte)(frame[at] ^ change);
            byte[] got = [.. frame];

            // One change in 65,535 makes the field look like one that was left undone.
            (long completed, long wrong) = Look(got);
            Assert.Equal(1, completed + wrong);
            Assert.True(completed == 0 ? got.AsSpan().SequenceEqual(frame) : TestPackets.HasGoodChecksums(shape, got));
        });

    [Fact]
    public void Whatever_stands_in_a_frame_no_more_than_its_checksum_is_written() =>
        Gen.Select(Shapes, Gen.Byte.Array[0, 100], Gen.Select(Gen.Int[0, 200], Gen.Byte).Array[0, 6],
            Gen.Int[0, 250]).Sample(
                (shape, payload, changes, length) =>
                {
                    byte[] frame = TestPackets.Make(shape, payload);
                    foreach ((int at, byte value) in changes)
                    {
                        frame[at % frame.Length] = value;
                    }

                    byte[] cut = frame[..Math.Min(length, frame.Length)];
                    byte[] got = [.. cut];
                    (long completed, _) = Look(got);
                    int changed = cut.Zip(got).Count(pair => pair.First != pair.Second);
                    Assert.InRange(changed, 0, completed == 0 ? 0 : 4);
                });

    [Fact]
    public void Nothing_that_is_cut_off_is_looked_at() =>
        Gen.Select(Shapes, Gen.Byte.Array[0, 60]).Sample((shape, payload) =>
        {
            byte[] frame = TestPackets.Make(shape, payload);
            for (int length = 0; length < frame.Length; length++)
            {
                byte[] cut = frame[..length];
                Assert.Equal((0, 0), Look(cut));
                Assert.Equal(frame[..length], cut);
            }
        }, iter: 20);

    [Theory]
    [InlineData(0x20, 0)]
    [InlineData(0x00, 1)]
    [InlineData(0x1F, 255)]
    public void Fragments_are_left_alone(byte high, byte low)
    {
        var shape = new TestShape { IsTcp = false };
        byte[] frame = TestPackets.Make(shape, [1, 2, 3]);
        (frame[shape.NetworkOffset + 6], frame[shape.NetworkOffset + 7]) = (high, low);
        Assert.Equal((0, 0), Look(frame));
    }

    [Theory]
    [InlineData(0, 60)]
    [InlineData(60, 43)]
    [InlineData(43, 0)]
    public void Extension_headers_of_IPv6_are_passed_over(byte first, byte second)
    {
        var shape = new TestShape { IsV4 = false, IsTcp = true };
        byte[] plain = TestPackets.Make(shape, [1, 2, 3]);
        byte[] frame =
            WithExtensions(shape, plain, first, [second, 0, 0, 0, 0, 0, 0, 0], [6, 1, 0, 0, .. new byte[12]]);
        Assert.Equal((1, 0), Look(frame));
        _ = Look(plain);
        Assert.Equal(plain[shape.TransportOffset..], frame[(shape.TransportOffset + 24)..]);

        // A fragment, and one that has hops to go: its sum is about another address.
        Assert.Equal((0, 0), Look(WithExtensions(shape, plain, 44, [6, 0, 0, 0, 0, 0, 0, 0])));
        Assert.Equal((0, 0), Look(WithExtensions(shape, plain, 43, [6, 0, 0, 1, 0, 0, 0, 0])));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void UDP_without_a_checksum_is_left_alone(bool v4)
    {
        var shape = new TestShape { IsV4 = v4, IsTcp = false };
        byte[] frame = TestPackets.Make(shape, [1, 2, 3]);
        frame.AsSpan(Field(shape), 2).Clear();
        byte[] before = [.. frame];
        Assert.Equal((0, 0), Look(frame));
        Assert.Equal(before, frame);
    }

    [Fact]
    public void A_completed_checksum_of_0_is_its_complement()
    {
        // A payload of two bytes can bring any sum to 0xFFFF.
        var shape = new TestShape { IsTcp = false };
        byte[] first = TestPackets.Make(shape, [0, 0]);
        ushort missing = (ushort)TestPackets.Checksum(first.AsSpan(shape.TransportOffset));
        byte[] frame = TestPackets.Make(shape, [(byte)(missing >> 8), (byte)missing]);
        Assert.Equal((1, 0), Look(frame));
        Assert.Equal([0xFF, 0xFF], frame[Field(shape)..(Field(shape) + 2)]);
    }

    [Fact]
    public void The_CRC_of_SCTP_is_completed_where_it_is_0() => Gen.Byte.Array[0, 1500].Sample(payload =>
    {
        byte[] frame = Sctp(payload);
        int field = 14 + 20 + 8;
        uint crc = Crc32C(frame.AsSpan(14 + 20));
        Assert.Equal((1, 0), Look(frame));
        Assert.Equal(crc, BinaryPrimitives.ReadUInt32LittleEndian(frame.AsSpan(field)));
        byte[] right = [.. frame];
        Assert.Equal((0, 0), Look(frame));
        frame[14 + 20] ^= 1;
        Assert.Equal((0, 1), Look(frame));
        Assert.Equal(right.AsSpan(field, 4), frame.AsSpan(field, 4));
    });

    private static (long Completed, long Wrong) Look(byte[] frame)
    {
        var checksums = new ReceivedChecksums();
        checksums.Look(frame);
        return (checksums.Completed, checksums.Wrong);
    }

    private static int Field(TestShape shape) => shape.TransportOffset + (shape.IsTcp ? 16 : 6);

    private static byte[] WithExtensions(TestShape shape, byte[] frame, byte first, params byte[][] extensions)
    {
        byte[] all = [.. extensions.SelectMany(extension => extension)];
        byte[] made = [.. frame[..shape.TransportOffset], .. all, .. frame[shape.TransportOffset..]];
        made[shape.NetworkOffset + 6] = first;
        BinaryPrimitives.WriteUInt16BigEndian(
            made.AsSpan(shape.NetworkOffset + 4), (ushort)(made.Length - shape.TransportOffset));
        return made;
    }

    // IPv4 without options; its own checksum is nobody's business here.
    private static byte[] Sctp(byte[] payload)
    {
        byte[] packet = [0x12, 0x34, 0x56, 0x78, 1, 2, 3, 4, 0, 0, 0, 0, .. payload];
        int total = 20 + packet.Length;
        return
        [
            2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45, 0, (byte)(total >> 8), (byte)total, 0, 0, 0, 0,
            64, 132, 0, 0,
            10, 0, 0, 1, 10, 0, 0, 2, .. packet,
        ];
    }

    // A bit at a time, by its polynomial.
    private static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte one in bytes)
        {
            crc ^= one;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F6_3B78 : crc >> 1;
            }
        }

        return ~crc;
    }
}
